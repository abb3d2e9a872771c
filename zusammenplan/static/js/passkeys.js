// Passkeys: asks the browser for a key and sends the form with its answer.
// A form says with data-passkey what it wants: "login", "confirm" or "create".
"use strict";

(() => {
  const toBytes = (text) => {
    const plain = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(plain), (sign) => sign.charCodeAt(0));
  };

  const toText = (bytes) => {
    const signs = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte));
    return btoa(signs.join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  };

  const withBytes = (keys) => (keys || []).map((key) => ({ ...key, id: toBytes(key.id) }));

  const confirm = async (options) => {
    const wanted = {
      ...options.publicKey,
      challenge: toBytes(options.publicKey.challenge),
      allowCredentials: withBytes(options.publicKey.allowCredentials),
    };
    const found = await navigator.credentials.get({ publicKey: wanted });
    const { authenticatorData, clientDataJSON, signature, userHandle } = found.response;
    return {
      type: found.type,
      id: found.id,
      rawId: toText(found.rawId),
      response: {
        authenticatorData: toText(authenticatorData),
        clientDataJSON: toText(clientDataJSON),
        signature: toText(signature),
        userHandle: userHandle ? toText(userHandle) : null,
      },
      clientExtensionResults: found.getClientExtensionResults(),
    };
  };

  const create = async (options, alone) => {
    const wanted = {
      ...options.publicKey,
      challenge: toBytes(options.publicKey.challenge),
      user: { ...options.publicKey.user, id: toBytes(options.publicKey.user.id) },
      excludeCredentials: withBytes(options.publicKey.excludeCredentials),
      authenticatorSelection: {
        ...options.publicKey.authenticatorSelection,
        residentKey: alone ? "required" : "discouraged",
        requireResidentKey: alone,
      },
    };
    if (alone) {
      wanted.authenticatorSelection.userVerification = "required";
    }
    const made = await navigator.credentials.create({ publicKey: wanted });
    const { attestationObject, clientDataJSON } = made.response;
    return {
      type: made.type,
      id: made.id,
      rawId: toText(made.rawId),
      response: {
        attestationObject: toText(attestationObject),
        clientDataJSON: toText(clientDataJSON),
        transports: made.response.getTransports ? made.response.getTransports() : [],
      },
      clientExtensionResults: made.getClientExtensionResults(),
    };
  };

  const shownOptions = () => JSON.parse(document.getElementById("passkey-data").textContent);

  const fetchedOptions = async (url) => {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      throw new Error(`status ${answer.status}`);
    }
    return answer.json();
  };

  const ask = async (form) => {
    if (form.dataset.passkey === "create") {
      const alone = form.querySelector("[name=passwordless]");
      return create(shownOptions().creation_options, Boolean(alone && alone.checked));
    }
    const data =
      form.dataset.passkey === "login" ? await fetchedOptions(form.action) : shownOptions();
    return confirm(data.request_options);
  };

  if (!window.PublicKeyCredential) {
    return;
  }
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const box = form.closest("[data-passkey-box]");
    if (box) {
      box.hidden = false;
    }
    const refusal = form.querySelector("[data-passkey-refusal]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      refusal.hidden = true;
      try {
        form.querySelector("[name=credential]").value = JSON.stringify(await ask(form));
        form.submit();
      } catch {
        refusal.hidden = false;
      }
    });
  });
})();

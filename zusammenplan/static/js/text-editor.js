// Turns the textarea with marks into an editor; without this file the marks are typed by hand.

const LINK = /^(https?:\/\/|mailto:)\S+$/;

function button(label, sign, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "zp-editor__button";
  made.title = label;
  const shown = document.createElement("span");
  shown.setAttribute("aria-hidden", "true");
  shown.textContent = sign;
  const told = document.createElement("span");
  told.className = "kern-sr-only";
  told.textContent = label;
  made.append(shown, told);
  made.addEventListener("click", press);
  return made;
}

async function equip(box) {
  const textarea = box.querySelector("textarea");
  const said = box.dataset;
  const format = box.querySelector("input[type=hidden]");
  const kit = await import(said.editor);
  // A draft that was kept without the editor holds marks, which only the server can read.
  if (format.value === "marks" && textarea.value !== textarea.defaultValue) return;
  const place = document.createElement("div");
  place.className = "zp-editor__text zp-doc";

  const editor = new kit.Editor({
    element: place,
    // A draft that was kept from the editor has been filled in meanwhile.
    content: format.value === "html" ? textarea.value : said.html,
    // Its style sheet would be inline; ours is css/document.css.
    injectCSS: false,
    extensions: [
      kit.Document,
      kit.Paragraph,
      kit.Text,
      kit.Bold,
      kit.Italic,
      kit.HardBreak,
      kit.Heading.configure({ levels: [3, 4] }),
      kit.BulletList,
      kit.OrderedList,
      kit.ListItem,
      kit.Link.configure({ openOnClick: false, enableTarget: false }),
      kit.History,
    ],
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": `${textarea.id}-label`,
        ...(textarea.getAttribute("aria-describedby")
          ? { "aria-describedby": textarea.getAttribute("aria-describedby") }
          : {}),
      },
    },
  });

  const run = () => editor.chain().focus();
  const tools = [
    ["bold", said.bold, said.bold[0], () => run().toggleBold().run(), () => editor.isActive("bold")],
    ["italic", said.italic, said.italic[0], () => run().toggleItalic().run(), () => editor.isActive("italic")],
    [
      "large",
      said.large,
      "H1",
      () => run().toggleHeading({ level: 3 }).run(),
      () => editor.isActive("heading", { level: 3 }),
    ],
    [
      "small",
      said.small,
      "H2",
      () => run().toggleHeading({ level: 4 }).run(),
      () => editor.isActive("heading", { level: 4 }),
    ],
    ["bullets", said.bullets, "•", () => run().toggleBulletList().run(), () => editor.isActive("bulletList")],
    ["ordered", said.ordered, "1.", () => run().toggleOrderedList().run(), () => editor.isActive("orderedList")],
    ["link", said.link, said.link, () => setLink(), () => editor.isActive("link")],
    ["footnote", said.footnote, said.footnote, () => addNote(), null],
    ["undo", said.undo, "↶", () => run().undo().run(), null],
    ["redo", said.redo, "↷", () => run().redo().run(), null],
  ];

  function setLink() {
    const before = editor.getAttributes("link").href || "";
    const href = window.prompt(said.ask, before);
    if (href === null) return;
    const wanted = href.trim();
    const whole = wanted && !LINK.test(wanted) ? `https://${wanted}` : wanted;
    const chain = run().extendMarkRange("link");
    if (!whole) {
      chain.unsetMark("link").run();
    } else if (editor.state.selection.empty && !before) {
      run().insertContent({ type: "text", text: wanted, marks: [{ type: "link", attrs: { href: whole } }] }).run();
    } else {
      chain.setMark("link", { href: whole }).run();
    }
  }

  function addNote() {
    const start = editor.state.selection.to;
    run()
      .insertContentAt(start, ` ((${said.note}))`)
      .setTextSelection({ from: start + 3, to: start + 3 + said.note.length })
      .run();
  }

  const bar = document.createElement("div");
  bar.className = "zp-editor__bar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", said.toolbar);
  const buttons = tools.map(([name, label, sign, press, active]) => {
    const made = button(label, sign, press);
    made.classList.add(`zp-editor__button--${name}`);
    made.tabIndex = -1;
    bar.append(made);
    return { made, active };
  });
  buttons[0].made.tabIndex = 0;
  // One stop for the Tab key; the arrow keys go from button to button.
  bar.addEventListener("keydown", (event) => {
    const here = buttons.findIndex(({ made }) => made === document.activeElement);
    const steps = { ArrowRight: 1, ArrowLeft: -1 };
    if (here < 0 || !(event.key in steps)) return;
    event.preventDefault();
    const there = (here + steps[event.key] + buttons.length) % buttons.length;
    buttons[here].made.tabIndex = -1;
    buttons[there].made.tabIndex = 0;
    buttons[there].made.focus();
  });

  const hand = () => {
    textarea.value = editor.getHTML();
    for (const { made, active } of buttons) {
      if (active) made.setAttribute("aria-pressed", String(active()));
    }
  };
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  if (label) {
    label.id = `${textarea.id}-label`;
    label.addEventListener("click", () => editor.commands.focus());
  }
  format.value = "html";
  textarea.hidden = true;
  textarea.required = false;
  box.querySelector(".zp-editor__hint").hidden = true;
  box.append(bar, place);
  editor.on("transaction", hand);
  hand();
  box.closest("form").querySelector(".zp-preview")?.setAttribute("hidden", "");
  box.dataset.ready = "true";
}

for (const box of document.querySelectorAll(".zp-editor")) {
  // A browser that cannot load the editor keeps the textarea.
  equip(box).catch((fault) => console.error(fault));
}

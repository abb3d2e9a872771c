"""The program ``zusammenplan``: for administrators and scripts."""

import os
import sys
from textwrap import dedent

COMMANDS = {
    ("serve",): "serve",
    ("demo",): "demo",
    ("import", "plan"): "import_plan",
    ("import", "areas"): "import_areas",
    ("import", "statistics"): "import_statistics",
    ("fetch", "statistics"): "fetch_statistics",
    ("export", "plan"): "export_plan",
    ("result",): "result",
    ("create-user",): "create_user",
    ("digest",): "digest",
    ("retention",): "retention",
    ("rebuild-search",): "rebuild_search",
    ("backup",): "backup",
    ("restore",): "restore",
    ("doctor",): "doctor",
}
READY_WITHOUT_DATABASE = {"restore"}
DEVELOPERS_OPTIONS = {
    "--version",
    "--verbosity",
    "--settings",
    "--pythonpath",
    "--traceback",
    "--no-color",
    "--force-color",
    "--skip-checks",
}
USAGE = dedent("""\
    usage: zusammenplan COMMAND [OPTION ...]

      serve              run the web server
      demo               fill an empty database with a fictional county and run the web server
      import plan FILE   take over a plan's table (TSV, CSV, XLSX, DOCX)
      import areas FILE  take areas from the municipal directory or GeoJSON
      import statistics FILE…
                         take over official figures (GENESIS, Landesamt) or own tables
      fetch statistics TABLE
                         fetch one table of the online service (GENESIS) into a file
      export plan SLUG   write a plan as JSON, XLSX, Word or PDF
      result ROUND       show the result of a prioritisation
      create-user EMAIL  add somebody who can sign in
      digest             mail everybody the own tasks; to be run once a day
      retention          let go what is kept of people too long; to be run once a day
      rebuild-search     make the index of the search anew
      backup FILE        write database and files into one archive
      restore FILE       put an archive back
      doctor             check the installation

    Every command has --help. Exit codes: 0 done, 1 refused (the reason is on standard error),
    2 used wrongly.
    """)


def main() -> None:
    """Run the command that the words name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zusammenplan.config.settings")
    words = sys.argv[1:]
    if words[:1] in (["--help"], ["-h"], ["help"]):
        sys.stdout.write(USAGE)
        return
    if words[:1] == ["--version"]:
        from zusammenplan import __version__

        sys.stdout.write(f"zusammenplan {__version__}\n")
        return
    for length in (2, 1):
        if command := COMMANDS.get(tuple(words[:length])):
            _run(" ".join(words[:length]), command, words[length:])
            return
    sys.stderr.write(USAGE)
    sys.exit(2)


def _run(said: str, name: str, rest: list[str]) -> None:
    import django
    from django.core.management import CommandError, get_commands, load_command_class
    from django.db import connections

    # The addresses that a command prints are those under which its server answers, unless
    # ZUSAMMENPLAN_URL says otherwise.
    if port := _port(rest):
        os.environ.setdefault("PORT", port)
    django.setup()
    command = load_command_class(str(get_commands()[name]), name)
    # Words used wrongly end with exit code 2 instead of an exception; Django's own options for
    # developers stay out of the help.
    command._called_from_command_line = True  # type: ignore[attr-defined]  # noqa: SLF001 - as Django's run_from_argv
    command.suppressed_base_arguments = DEVELOPERS_OPTIONS
    options = vars(command.create_parser("zusammenplan", said).parse_args(rest))
    try:
        if name not in READY_WITHOUT_DATABASE:
            from zusammenplan.config.database import make_ready

            make_ready()
        command.execute(*options.pop("args", ()), **options)
    except CommandError as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(1)
    finally:
        connections.close_all()


def _port(words: list[str]) -> str:
    for place, word in enumerate(words):
        if word.startswith("--port="):
            return word.removeprefix("--port=")
        if word == "--port":
            return words[place + 1] if place + 1 < len(words) else ""
    return ""

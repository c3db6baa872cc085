// The Start button of a lesson: runs the page's cells once its kernel is there, and leaves the reader where they are.
// JupyterLab's own "Run All Cells" jumps to the end of the page, and asks for a kernel when it is pressed too early.
// This is a prebuilt extension written by hand: JupyterLab asks for a container with init and get, and no more.
(() => {
  const COMMAND = "threechairs:start";
  const KERNEL_TIMEOUT_MS = 60000;
  // The cards' own primary button: white on dark blue is 9:1, in light and dark alike.
  const STYLE = `button[data-commandlinker-command="${COMMAND}"] {
    font: inherit; font-weight: 600; min-height: 36px; padding: 6px 18px; cursor: pointer;
    color: #fff; background: #10487f; border: 1px solid #8fb8e0; border-radius: 4px; }
  button[data-commandlinker-command="${COMMAND}"]:focus-visible { outline: 3px solid #8fb8e0; outline-offset: 2px; }`;
  let shared = {};

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  async function whenKernelIsThere(panel) {
    await panel.context.ready;
    await panel.sessionContext.ready;
    const deadline = Date.now() + KERNEL_TIMEOUT_MS;
    while (panel.sessionContext.session?.kernel?.connectionStatus !== "connected" && Date.now() < deadline) await pause(50);
    await panel.sessionContext.session?.kernel?.info;
  }

  // JupyterLab's own code for running cells, from what it shares with extensions.
  async function notebookActions() {
    const versions = Object.values(shared["@jupyterlab/notebook"] ?? {});
    if (!versions.length) return null;
    const factory = await versions[0].get();
    return factory().NotebookActions ?? null;
  }

  async function runAll(app, panel) {
    const actions = await notebookActions();
    if (actions?.runCells) {
      await actions.runCells(panel.content, panel.content.widgets, panel.sessionContext);
      return;
    }
    const scroller = panel.content.outerNode ?? panel.content.node;
    const top = scroller.scrollTop;
    await app.commands.execute("notebook:run-all-cells");
    panel.content.activeCellIndex = 0;
    scroller.scrollTop = top;
  }

  async function start(app) {
    const panel = app.shell.currentWidget;
    if (!panel?.sessionContext || !panel.content?.widgets) return;
    const buttons = [...panel.node.querySelectorAll(`button[data-commandlinker-command="${COMMAND}"]`)];
    for (const button of buttons) button.textContent = "Starting …";
    try {
      await whenKernelIsThere(panel);
      await runAll(app, panel);
    } finally {
      for (const button of panel.node.querySelectorAll(`button[data-commandlinker-command="${COMMAND}"]`)) {
        button.textContent = "▶ Start again";
      }
    }
  }

  const plugin = {
    id: "threechairs:start",
    autoStart: true,
    requires: [],
    activate: (app) => {
      const style = document.createElement("style");
      style.textContent = STYLE;
      document.head.append(style);
      app.commands.addCommand(COMMAND, { label: "Start this page", execute: () => start(app) });
    },
  };

  (window._JUPYTERLAB ??= {}).threechairs = {
    init: (scope) => {
      shared = scope ?? {};
      return Promise.resolve();
    },
    get: () => Promise.resolve(() => ({ __esModule: true, default: plugin })),
  };
})();

// Where am I, and where do I go on? A list of lessons with links. The links need no kernel, so they work at any time.

const MAP_TRAITS = ["lessons", "resume"];
const STATES = { done: "Done", next: "Next", open: "Open" };
const STATE_ICONS = { done: "right", next: "next", open: "open" };

/** A link from the course's own data: a file beside this notebook or an https page, never a script. */
function safeHref(href) {
  const text = String(href ?? "");
  const scheme = /^\s*([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  return !scheme || scheme === "https" || scheme === "http" ? text : "";
}

/** The path, seen from the server's root, of a file named from the folder of `notebook`. */
function besideNotebook(notebook, href) {
  const path = [];
  const folder = notebook.replace(/^[^/:]*:/, "").split("/").slice(0, -1); // JupyterLab may put a drive in front
  for (const part of [...folder, ...decodeURI(href.split(/[?#]/)[0]).split("/")]) {
    if (part === "..") path.pop();
    else if (part && part !== ".") path.push(part);
  }
  return path.join("/");
}

/** Open a lesson as a tab of JupyterLab where that is possible; otherwise the browser follows the link. */
function followInside(event, href) {
  const app = window.jupyterapp;
  const notebook = app?.shell?.currentWidget?.context?.path;
  const wantsOwnTab = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
  if (notebook === undefined || wantsOwnTab || /^[a-z]+:/i.test(href)) return;
  event.preventDefault();
  app.commands.execute("docmanager:open", { path: besideNotebook(notebook, href) });
}

function lessonLink(href, key, className, ...children) {
  const target = safeHref(href);
  if (!target) return h("span", { class: className }, children);
  return h("a", { href: target, key, class: className, onclick: (event) => followInside(event, target) }, children);
}

function render({ model, el }) {
  function resumeLink() {
    const { label, href, text } = model.get("resume") ?? {};
    if (!href) return null;
    const link = lessonLink(href, "resume", "tc-button tc-primary", icon("next"), label || "Resume");
    return h("div", { class: "tc-row tc-resume" }, link, text ? h("span", {}, text) : null);
  }

  /** The bar repeats what the words beside it say, so it is hidden from assistive technology. */
  function bar(done, total) {
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const filled = h("span", {});
    filled.style.width = `${Math.round(share * 100)}%`;
    return h("span", { class: "tc-bar", "aria-hidden": "true" }, filled);
  }

  function lessonRow({ id, title, minutes, state, done, total, href, assignment }) {
    const steps = total ? `${done} of ${total} steps` : "";
    const facts = [steps, minutes ? `${minutes} minutes` : ""].filter(Boolean).join(" · ");
    const told = h("span", { class: "tc-state", "data-state": state }, icon(STATE_ICONS[state]), h("span", {}, STATES[state] ?? state));
    const link = lessonLink(href, `lesson:${id}`, "tc-lesson-link", title);
    const graded = assignment ? [" · ", lessonLink(assignment, `assignment:${id}`, "tc-lesson-link", "Graded assignment")] : null;
    const current = state === "next" ? "step" : null;
    return h("li", { class: "tc-lesson", "data-state": state, "aria-current": current },
      told, h("span", { class: "tc-lesson-title" }, link, graded), h("span", { class: "tc-facts" }, facts), total ? bar(done, total) : null);
  }

  function draw() {
    return [resumeLink(), h("ol", { "aria-label": "Lessons" }, (model.get("lessons") ?? []).map(lessonRow))];
  }
  return openCard({ model, el, className: "tc-map", traits: MAP_TRAITS, draw });
}

export default { render };

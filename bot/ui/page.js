// What Gradio's components don't do: say Danish names to screen readers, say an answer once, and bring what was
// cited into view. Called once, in the head, with the words it needs.
(words) => {
  "use strict";
  let announced = 0;
  let shown = null;
  let waiting = false;

  const status = document.createElement("div");
  status.className = "unseen";
  status.setAttribute("role", "status");

  // Gradio names each message by its own HTML, in English, and has the log read out at every step of a stream.
  function nameConversation() {
    const log = document.querySelector('#conversation [role="log"]');
    if (!log) return;
    if (log.getAttribute("aria-label") !== words.conversation) log.setAttribute("aria-label", words.conversation);
    if (log.getAttribute("aria-live") !== "off") log.setAttribute("aria-live", "off");
    if (log.tabIndex !== 0) log.tabIndex = 0;
    for (const message of log.querySelectorAll("[data-testid][aria-label]")) message.removeAttribute("aria-label");
  }

  // Gradio's own errors (no connection, a full queue) are in English and don't say what to do; so are the titles.
  function translateToasts() {
    for (const toast of document.querySelectorAll(".toast-body")) {
      toast.querySelector(".toast-close")?.setAttribute("aria-label", words.close);
      say(toast.querySelector(".toast-title"), words.failed_title);
      const message = toast.querySelector(".toast-message-text");
      if (!toast.matches(".error") || !message || message.textContent === words.file_too_large) continue;
      say(message, /maximum allowed size/.test(message.textContent) ? words.file_too_large : words.failed);
    }
  }

  function say(element, text) {
    if (element && element.textContent.trim() !== text) element.textContent = text;
  }

  function announceAnswer() {
    const answers = document.querySelectorAll("#conversation .answer");
    const latest = answers[answers.length - 1];
    if (!latest || latest.matches(".busy") || answers.length === announced) return;
    if (announced) status.textContent = latest.querySelector("p").textContent;
    announced = answers.length;
  }

  // Scrolls the page's own pane and nothing around it, so that the answer stays where it is read.
  function bringIntoView(mark, behavior) {
    const pane = mark.closest(".page");
    const above = mark.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTo({ top: pane.scrollTop + above - Math.min(pane.clientHeight / 4, 120), behavior });
  }

  function showFirstMark() {
    const pane = document.querySelector("#page .page");
    const mark = pane && (pane.querySelector('mark[data-cites~="1"]') || pane.querySelector("mark"));
    if (mark && mark !== shown) bringIntoView(mark, "instant");
    shown = mark;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a.show, a.back");
    if (!link) return;
    event.preventDefault();
    if (link.matches(".back")) {
      document.querySelector("#chat").scrollIntoView();
      document.querySelector("#question textarea").focus({ preventScroll: true });
      return;
    }
    const number = link.getAttribute("href").replace("#cite-", "");
    const mark = document.querySelector(`#page mark[data-cites~="${number}"]`);
    if (!mark) return;
    bringIntoView(mark, "auto");
    mark.focus({ preventScroll: true });
    const { top, bottom } = mark.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) document.querySelector("#side").scrollIntoView();
  });

  function tidy() {
    waiting = false;
    // Gradio sets the browser's language, though the words are Danish.
    if (document.documentElement.lang !== "da") document.documentElement.lang = "da";
    nameConversation();
    translateToasts();
    announceAnswer();
    showFirstMark();
  }

  function start() {
    document.body.append(status);
    const watched = { childList: true, subtree: true, attributeFilter: ["aria-label", "aria-live", "lang"] };
    new MutationObserver(() => {
      if (!waiting) {
        waiting = true;
        requestAnimationFrame(tidy);
      }
    }).observe(document.documentElement, watched);
    tidy();
  }

  // Gradio runs what stands in its head after the document is there.
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
}

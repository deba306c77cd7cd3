/*
 * Sidesvar's widget: a chat about the page, in the page.
 *
 *   <script src="https://HOST/widget.js" defer></script>    a launcher in the corner
 *   <sidesvar-chat></sidesvar-chat>                         the chat itself, where the element stands
 *
 * Options are data attributes of either tag: data-server, data-title, data-greeting, data-accent, data-theme,
 * data-position, data-language, data-questions ("A?|B?"), data-open, data-comments, data-page (the id of the only page
 * to ask about); data-launcher="none" on the script.
 *
 * It keeps to itself: everything is inside a shadow root, styles are constructed sheets, no markup is parsed from
 * strings (so it runs under Trusted Types and a policy without 'unsafe-inline'), nothing is stored, and nothing is
 * asked of the server before the visitor opens it.
 */
"use strict";
(() => {
  if (customElements.get("sidesvar-chat")) return;

  const WORDS = {}; // bot/text, put in when the file is served
  const STYLES = ""; // widget.css, likewise

  const SCRIPT = document.currentScript;
  const SMALL_SCREEN = matchMedia("(max-width: 30em), (max-height: 26em)");
  const SLOW_MS = 4000; // then it says that it is still looking
  const SILENT_MS = 30000; // without a word from the server it gives up
  const MAX_HISTORY = 6;

  // ---------------------------------------------------------------- Making elements

  const ICONS = {
    chat: "M4 5h16v11H10l-4 4v-4H4z M8 9h8 M8 12h5",
    close: "M6 6l12 12 M18 6L6 18",
    restart: "M5 12a7 7 0 1 0 2-5 M5 4v4h4",
    send: "M12 19V5 M6 11l6-6 6 6",
    up: "M7 11v9H4v-9z M7 11l4-8c2 0 2 1 2 2v4h6l-1 11H7",
    down: "M7 13V4H4v9z M7 13l4 8c2 0 2-1 2-2v-4h6L18 4H7",
    copy: "M9 9h11v11H9z M5 15H4V4h11v1",
  };

  /** An element with attributes (a function listens, true is "", null and false are left out) and children. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") element.addEventListener(name, value);
      else if (value != null && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child != null));
    return element;
  }

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  }

  function sheet(text) {
    const made = new CSSStyleSheet();
    made.replaceSync(text);
    return made;
  }

  // ---------------------------------------------------------------- Colours

  /** Relative luminance of [r, g, b] in 0-255, and the contrast of two: WCAG 2.2, 1.4.3. */
  function luminance(colour) {
    const [r, g, b] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }

  /** The colour itself, or the nearest one towards black or white that is readable (4.5:1) on the surface. */
  function readable(colour, surface) {
    const goal = luminance(surface) > 0.5 ? 0 : 255;
    let mixed = colour;
    for (let share = 0; contrast(mixed, surface) < 4.5 && share < 1; ) {
      share += 0.02;
      mixed = colour.map((part) => Math.round(part + (goal - part) * share));
    }
    return mixed;
  }

  /** "#0af" or "#00aaff" -> [0, 170, 255]; anything else -> null. */
  function parseColour(text) {
    const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
    if (!digits) return null;
    const pairs = digits.length === 3 ? [...digits].map((digit) => digit + digit) : digits.match(/../g);
    return pairs.map((pair) => parseInt(pair, 16));
  }

  const LIGHT_SURFACES = [[255, 255, 255], [241, 243, 246]];
  const DARK_SURFACES = [[22, 25, 30], [38, 43, 51]];

  function accentStyles(text) {
    const colour = parseColour(text);
    if (!colour) {
      console.warn(`sidesvar: data-accent must be like #0b5cad, not ${text}`);
      return "";
    }
    const rgb = (surfaces) => `rgb(${surfaces.reduce(readable, colour).join(" ")})`;
    return `:host { --light-accent: ${rgb(LIGHT_SURFACES)} !important; --dark-accent: ${rgb(DARK_SURFACES)} !important }`;
  }

  // ---------------------------------------------------------------- The quote on the visitor's page

  const HIGHLIGHT = "sidesvar-quote";
  const SKIPPED = "script, style, noscript, template, textarea, select, sidesvar-chat";

  /** Only letters and digits count, so that line breaks, hyphens, accents' forms and markup do not matter. */
  const letters = (text) => text.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

  /** The range of the page's own text that says `quote`, or null. */
  function findQuote(quote) {
    const wanted = letters(quote);
    if (!wanted) return null;
    const places = []; // for each letter of `text`: its node and offset
    let text = "";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) =>
      node.nodeType === Node.TEXT_NODE
        ? NodeFilter.FILTER_ACCEPT
        : node.matches(SKIPPED) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      let offset = 0;
      for (const character of node.data) {
        const kept = letters(character);
        for (let unit = 0; unit < kept.length; unit++) places.push([node, offset, offset + character.length]);
        text += kept;
        offset += character.length;
      }
    }
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
      const [startNode, start] = places[at];
      let [endNode, , end] = places[at + wanted.length - 1];
      while (/[^\s\p{L}\p{N}]/u.test(endNode.data[end] ?? "")) end++; // its full stop
      const range = document.createRange();
      range.setStart(startNode, start);
      range.setEnd(endNode, end);
      if (canBeShown(startNode.parentElement)) return range;
    }
    return null;
  }

  /** Visible, or in a <details> that can be opened. */
  function canBeShown(element) {
    const closed = element.closest("details:not([open])");
    return closed ? canBeShown(closed.parentElement) : element.checkVisibility?.({ visibilityProperty: true }) ?? true;
  }

  /** Marks the range without touching the page's elements; browsers without highlights get a selection. */
  function highlight(range) {
    if (!globalThis.Highlight || !CSS.highlights) {
      getSelection().removeAllRanges();
      if (range) getSelection().addRange(range);
    } else if (range) {
      CSS.highlights.set(HIGHLIGHT, new Highlight(range));
    } else {
      CSS.highlights.delete(HIGHLIGHT);
    }
  }

  let pageStyles = null;

  /** Scrolls to the range, clear of the panel's box if it can be, marks it and puts the focus there, as a link does. */
  function showOnPage(range, panel) {
    if (!pageStyles) {
      pageStyles = sheet(`
        ::highlight(${HIGHLIGHT}) { background-color: #ffe27a; color: #1b1b1b }
        @media (forced-colors: active) { ::highlight(${HIGHLIGHT}) { background-color: Mark; color: MarkText } }`);
      document.adoptedStyleSheets.push(pageStyles);
    }
    const block = range.startContainer.parentElement;
    for (let fold; (fold = block.closest("details:not([open])")); ) fold.open = true;
    highlight(range);
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
    const quote = () => range.getBoundingClientRect();
    const { left, right, height } = quote();
    const above = panel && left < panel.right && right > panel.left ? panel.top - height - 12 : -1;
    if (above > 0) {
      block.scrollIntoView({ block: "center", behavior: "instant" });
      scrollBy({ top: quote().top - above, behavior });
    } else if (block.getBoundingClientRect().height < innerHeight * 0.8) {
      block.scrollIntoView({ block: "center", behavior });
    } else scrollBy({ top: quote().top - innerHeight / 3, behavior });
    if (block.tabIndex < 0 && !block.hasAttribute("tabindex")) {
      block.setAttribute("tabindex", "-1");
      block.addEventListener("blur", () => block.removeAttribute("tabindex"), { once: true });
    }
    block.focus({ preventScroll: true });
  }

  // ---------------------------------------------------------------- The server

  /** What went wrong, as a key of the words; `detail` is the server's own sentence, if it gave one. */
  class Failure extends Error {
    constructor(key, { detail = "", seconds = 0 } = {}) {
      super(key);
      Object.assign(this, { key, detail, seconds });
    }

    static async from(response) {
      const problem = await response.json().catch(() => ({}));
      const seconds = Number(response.headers.get("Retry-After")) || 0;
      if (response.status === 429) return new Failure("busy", { seconds });
      if (response.status >= 500) return new Failure("unavailable");
      return new Failure("refused", { detail: typeof problem.title === "string" ? problem.title : "" });
    }
  }

  /** Server-sent events of a response body, as [event, data] with the data parsed as JSON. */
  async function* readEvents(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let buffer = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      buffer += value;
      const blocks = buffer.split(/\r?\n\r?\n/);
      buffer = blocks.pop();
      for (const block of blocks) {
        const fields = block.split(/\r?\n/).map((line) => /^(\w+): ?(.*)$/.exec(line) ?? []);
        const event = fields.find(([, name]) => name === "event")?.[2] ?? "message";
        const data = fields.filter(([, name]) => name === "data").map(([, , text]) => text).join("\n");
        if (data) yield [event, JSON.parse(data)];
      }
    }
  }

  /**
   * Asks, gives each token to `onToken`, and returns the whole Answer.
   * Gives up after SILENT_MS without a word. Throws a Failure, or an AbortError when `signal` was aborted.
   */
  async function askServer(server, question, { onToken, signal }) {
    const silence = new AbortController();
    let timer;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENT_MS);
    };
    try {
      heard();
      const response = await fetch(`${server}/api/ask`, {
        ...REQUEST,
        body: JSON.stringify({ ...question, stream: true }),
        signal: AbortSignal.any?.([signal, silence.signal]) ?? signal,
      });
      if (!response.ok) throw await Failure.from(response);
      if (/json/.test(response.headers.get("Content-Type"))) return await response.json();
      for await (const [event, data] of readEvents(response.body)) {
        heard();
        if (event === "token") onToken(data.text ?? data);
        else if (event === "answer") return data;
        else if (event === "error") throw new Failure("unavailable");
      }
      throw new Failure("broken");
    } catch (error) {
      if (signal.aborted || error instanceof Failure) throw error;
      if (!navigator.onLine) throw new Failure("offline");
      throw new Failure(silence.signal.aborted ? "silent" : "broken");
    } finally {
      clearTimeout(timer);
    }
  }

  const REQUEST = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    credentials: "omit",
    referrerPolicy: "no-referrer",
  };

  /** Six digits that can be a date (the day raised by 60 in a substitute number), then four: it stays in the browser. */
  const CPR = /(?<!\d)(?:[06][1-9]|[1278]\d|[39][01])_(?:0[1-9]|1[0-2])_\d\d_\d{4}(?!\d)/.source;
  const CPR_NUMBER = new RegExp(CPR.replaceAll("_", "[\\s./‐-―−-]{0,3}"));

  /** In the order of the page, and sentences that follow one another as one. */
  function joinNeighbours(citations) {
    const joined = [];
    for (const citation of [...citations].sort((a, b) => a.start - b.start)) {
      const last = joined.at(-1);
      if (last?.page === citation.page && last.heading === citation.heading && citation.start - last.end === 1) {
        joined[joined.length - 1] = { ...last, quote: `${last.quote} ${citation.quote}`, end: citation.end };
      } else joined.push(citation);
    }
    return joined;
  }

  /** An address that is safe to link to, or null: only http and https. */
  function webAddress(text) {
    try {
      const url = new URL(text, location.href);
      return text && /^https?:$/.test(url.protocol) ? url.href : null;
    } catch {
      return null;
    }
  }

  // ---------------------------------------------------------------- The element

  class SidesvarChat extends HTMLElement {
    #words;
    #server;
    #corner = false; // a launcher in the corner, or (false) in the flow of the page
    #panel;
    #launcher;
    #log;
    #turns;
    #starters;
    #form;
    #input;
    #notice;
    #status;
    #asked = []; // earlier questions, oldest first
    #request = null; // AbortController of the question under way
    #returnTo = null; // where the focus was before it went to the page
    #begun = false;

    connectedCallback() {
      if (!this.shadowRoot) this.#build();
      SMALL_SCREEN.addEventListener("change", this.#refit);
    }

    disconnectedCallback() {
      SMALL_SCREEN.removeEventListener("change", this.#refit);
      // An element that is only moved keeps its question under way.
      queueMicrotask(() => this.isConnected || highlight(null));
    }

    /** Opens the panel and puts the focus in it. */
    open() {
      if (!this.#corner) return this.#input.focus();
      this.#begin();
      this.#showPanel();
      const target = this.#returnTo?.isConnected ? this.#returnTo : SMALL_SCREEN.matches ? this.#title() : this.#input;
      this.#returnTo = null;
      target.focus();
    }

    /** Closes the panel; the focus goes back to the launcher. The conversation is kept. */
    close() {
      if (!this.#corner || !this.#panel.open) return;
      this.#panel.close();
      this.#launcher.hidden = false;
      this.#launcher.focus();
    }

    #option(name) {
      return this.dataset[name] ?? this.getAttribute(name);
    }

    // ------------------------------------------------------------ Building

    #build() {
      const language = this.#option("language") ?? this.parentElement?.closest("[lang]")?.lang ?? "da";
      const code = /^en\b/i.test(language) ? "en" : "da";
      this.#words = WORDS[code];
      this.#server = (this.#option("server") ?? (SCRIPT ? new URL(".", SCRIPT.src).href : "")).replace(/\/+$/, "");
      this.#corner = this.hasAttribute("data-launcher");

      const root = this.attachShadow({ mode: "open" });
      const accent = this.#option("accent");
      root.adoptedStyleSheets = [sheet(STYLES), ...(accent ? [sheet(accentStyles(accent))] : [])];

      this.#panel = this.#makePanel();
      this.#status = make("p", { class: "unseen", role: "status" });
      const frame = make("div", { lang: code, class: "frame", "data-theme": this.#option("theme") ?? "auto" });
      if (this.#corner) {
        this.#launcher = make("button", { class: "launcher", type: "button", "aria-haspopup": "dialog",
          click: () => this.open() }, icon("chat"), make("span", {}, this.#titleText()));
        frame.dataset.position = this.#option("position") === "left" ? "left" : "right";
        frame.append(this.#launcher);
      }
      frame.append(this.#panel, this.#status);
      this.#keepEventsInside(frame);
      root.append(frame);
      if (this.#corner && this.#option("open") != null && !SMALL_SCREEN.matches) this.#showPanel();
    }

    #titleText() {
      return this.#option("title") || this.#words.title;
    }

    #title() {
      return this.#panel.querySelector("h2");
    }

    #makePanel() {
      const words = this.#words;
      const button = (name, label, click) =>
        make("button", { class: "icon", type: "button", "aria-label": label, title: label, click }, icon(name));

      this.#turns = make("ol", {});
      this.#starters = make("div", { class: "suggestions" });
      this.#log = make("div", { class: "log", role: "region", "aria-label": words.conversation, tabindex: "0" },
        make("p", { class: "greeting" }, this.#option("greeting") || words.greeting), this.#starters, this.#turns);
      this.#input = make("textarea", { id: "question", rows: "1", enterkeyhint: "send", autocomplete: "off",
        "aria-describedby": "notice", input: () => this.#tell("") });
      this.#notice = make("p", { id: "notice", class: "notice", role: "alert" });
      this.#form = make("form", { novalidate: true, submit: (event) => this.#submit(event) },
        this.#notice,
        make("label", { for: "question" }, words.label),
        make("div", { class: "field" }, this.#input,
          make("button", { class: "send", "aria-label": words.send, title: words.send }, icon("send"))),
        make("p", { class: "small" }, words.machine));
      this.#input.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.#form.requestSubmit();
      });
      this.#form.addEventListener("focusin", () => this.#begin());
      this.#showSuggestions(this.#starters, (this.#option("questions") ?? "").split("|"), words.starters);

      const panel = make(this.#corner ? "dialog" : "section", { class: "panel", "aria-labelledby": "title" },
        make("header", {}, make("h2", { id: "title", tabindex: "-1" }, this.#titleText()),
          button("restart", words.restart, () => this.#startOver()),
          this.#corner ? button("close", words.close, () => this.close()) : null),
        this.#log, this.#form);
      panel.addEventListener("cancel", (event) => {
        event.preventDefault();
        this.close();
      });
      panel.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !event.isComposing) this.close();
      });
      return panel;
    }

    /** The page's shortcuts do not hear what is typed here. */
    #keepEventsInside(frame) {
      for (const name of ["keydown", "keyup", "keypress", "beforeinput", "input", "paste", "copy", "cut"]) {
        frame.addEventListener(name, (event) => event.stopPropagation());
      }
    }

    #showPanel() {
      this.#launcher.hidden = true;
      if (this.#panel.open) return;
      if (SMALL_SCREEN.matches) this.#panel.showModal();
      else this.#panel.show();
    }

    /** A panel that fills the screen is modal, one beside the page is not. */
    #refit = () => {
      if (!this.#corner || !this.#panel.open) return;
      const focused = this.shadowRoot.activeElement;
      this.#panel.close();
      this.#showPanel();
      focused?.focus();
    };

    /** The first thing that is asked of the server, and not before the visitor is here. */
    async #begin() {
      if (this.#begun) return;
      this.#begun = true;
      if (this.#starters.childElementCount) return;
      try {
        const page = this.#option("page");
        const query = page ? `?page=${encodeURIComponent(page)}` : "";
        const response = await fetch(`${this.#server}/api/suggestions${query}`, { credentials: "omit", referrerPolicy: "no-referrer" });
        const { suggestions } = await response.json();
        if (!this.#asked.length) this.#showSuggestions(this.#starters, suggestions, this.#words.starters);
      } catch {
        this.#begun = false; // only a help: the visitor can ask without it
      }
    }

    // ------------------------------------------------------------ Asking

    #submit(event) {
      event.preventDefault();
      const question = this.#input.value.trim();
      if (!question) return this.#input.focus();
      if (this.#request) return this.#tell(this.#words.wait);
      if (CPR_NUMBER.test(question.normalize("NFKC"))) return this.#tell(this.#words.cpr);
      this.#input.value = "";
      this.#ask(question);
    }

    /** A sentence above the field: why what is typed was not sent. */
    #tell(sentence) {
      if (this.#notice.textContent !== sentence) this.#notice.textContent = sentence;
    }

    #ask(question) {
      if (this.#request) return this.#tell(this.#words.wait);
      this.#tell("");
      this.#starters.replaceChildren();
      const reply = make("div", { class: "reply" });
      const turn = make("li", {},
        make("p", { class: "question" }, make("span", { class: "unseen" }, `${this.#words.you} `), question), reply);
      this.#turns.append(turn);
      this.#answer(question, reply, turn);
    }

    async #answer(question, reply, turn) {
      const words = this.#words;
      const text = make("p", { class: "text" });
      const waiting = make("p", { class: "waiting" }, make("span", { class: "dots" }), words.looking);
      reply.replaceChildren(text, waiting);
      this.#scrollTo(turn);
      const request = (this.#request = new AbortController());
      const slow = setTimeout(() => {
        waiting.lastChild.data = words.slow;
        this.#announce(words.slow);
      }, SLOW_MS);
      try {
        const body = { question, history: this.#asked.slice(-MAX_HISTORY), page: this.#option("page") };
        const answer = await askServer(this.#server, body, {
          onToken: (token) => {
            waiting.hidden = true;
            text.append(token);
          },
          signal: request.signal,
        });
        if (answer.outcome === "error") throw new Failure("unavailable", { detail: answer.answer });
        this.#asked.push(question);
        reply.replaceChildren(...this.#answerParts(answer));
        this.#announce(this.#spoken(answer));
        this.dispatchEvent(new CustomEvent("sidesvar-answer", { bubbles: true, detail: { outcome: answer.outcome } }));
      } catch (error) {
        if (request.signal.aborted) return;
        if (!(error instanceof Failure)) console.error("sidesvar:", error);
        this.#showFailure(error, question, reply, turn);
      } finally {
        clearTimeout(slow);
        if (this.#request === request) this.#request = null;
        if (turn.isConnected) this.#scrollTo(turn);
      }
    }

    /** The question stays where it can be sent again; one that was refused goes back into the field. */
    #showFailure(error, question, reply, turn) {
      const words = this.#words;
      const key = error.key ?? "broken";
      const sentence = error.detail || (error.seconds ? words.busySeconds.replace("{seconds}", error.seconds) : words[key]);
      if (key === "refused") {
        turn.remove();
        this.#input.value ||= question;
        this.#tell(sentence);
        this.#input.focus();
        return;
      }
      const retry = make("button", { class: "plain", type: "button", click: () => {
        if (this.#request) return this.#tell(words.wait);
        this.#input.focus();
        this.#answer(question, reply, turn);
      } }, words.retry);
      reply.replaceChildren(make("p", { class: "failure" }, sentence), retry);
      this.#announce(sentence);
    }

    #startOver() {
      this.#request?.abort();
      this.#request = null;
      this.#asked = [];
      this.#turns.replaceChildren();
      this.#begun = false;
      this.#showSuggestions(this.#starters, (this.#option("questions") ?? "").split("|"), this.#words.starters);
      this.#tell("");
      highlight(null);
      this.#announce(this.#words.restarted);
      this.#begin();
      this.#input.focus();
    }

    // ------------------------------------------------------------ Showing an answer

    #answerParts(answer) {
      const words = this.#words;
      const parts = [make("p", { class: "text", lang: answer.language || null }, answer.answer)];
      if (answer.citations?.length) parts.push(this.#sources(words.sources, joinNeighbours(answer.citations), answer.answer));
      if (answer.nearest?.length) parts.push(this.#sources(words.nearest, answer.nearest, ""));
      if (answer.outcome === "answered") parts.push(this.#tools(answer));
      const suggestions = make("div", { class: "suggestions" });
      this.#showSuggestions(suggestions, answer.suggestions ?? [], words.suggestions);
      return [...parts, suggestions];
    }

    /** The places on the page, each once; the only quote is not said again when the answer gives it in full. */
    #sources(heading, citations, said) {
      const known = citations.length === 1 && said.includes(citations[0].quote);
      return make("div", { class: "sources" }, make("p", { class: "small" }, heading),
        make("ul", {}, ...citations.map((citation) => make("li", {}, this.#source(citation, known)))));
    }

    #source({ quote, heading, title, url }, known) {
      const words = this.#words;
      const inside = [make("span", { class: "heading" }, heading || title)];
      if (!known) inside.push(make("q", {}, quote));
      const range = findQuote(quote);
      const address = webAddress(url);
      if (range) {
        const link = make("a", { href: address ?? "#", click: (event) => this.#follow(event, quote, link) },
          ...inside, make("span", { class: "where" }, words.showOnPage));
        return link;
      }
      if (!address) return make("div", {}, ...inside);
      return make("a", { href: address, target: "_blank", rel: "noopener noreferrer" },
        ...inside, make("span", { class: "where" }, words.newTab));
    }

    /** The page may have changed since the answer: then the link opens as any other. */
    #follow(event, quote, link) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      const range = findQuote(quote);
      if (!range) return;
      event.preventDefault();
      this.#returnTo = link;
      if (this.#corner && SMALL_SCREEN.matches) this.close();
      showOnPage(range, this.#corner && this.#panel.open ? this.#panel.getBoundingClientRect() : null);
      this.#returnTo = link;
    }

    #tools(answer) {
      const words = this.#words;
      const copy = make("button", { class: "plain", type: "button", click: async () => {
        const lines = answer.citations.map(({ quote, url }) => `»${quote}« ${url}`.trim());
        await navigator.clipboard.writeText([answer.answer, ...lines].join("\n"));
        copy.lastChild.textContent = words.copied;
        this.#announce(words.copied);
      } }, icon("copy"), make("span", {}, words.copy));
      copy.hidden = !navigator.clipboard;

      const thumb = (name, label, helpful) => make("button", { class: "icon", type: "button", "aria-label": label,
        title: label, "aria-pressed": "false", click: (event) => this.#rate(answer, helpful, event.currentTarget) }, icon(name));
      return make("div", { class: "tools", role: "group", "aria-label": words.feedback },
        thumb("up", words.helpful, true), thumb("down", words.unhelpful, false), copy);
    }

    async #rate(answer, helpful, button) {
      const tools = button.parentElement;
      for (const other of tools.querySelectorAll("[aria-pressed]")) {
        other.setAttribute("aria-pressed", String(other === button));
      }
      if (!(await this.#sendFeedback(answer, helpful, ""))) return button.setAttribute("aria-pressed", "false");
      if (this.#option("comments") == null) return;
      tools.querySelector("form, .small")?.remove();
      tools.append(this.#commentForm(answer, helpful));
      this.#announce(`${this.#words.thanks} ${this.#words.comment}`);
    }

    #commentForm(answer, helpful) {
      const words = this.#words;
      const box = make("textarea", { rows: "2", maxlength: "1000" });
      const told = make("p", { class: "notice", role: "alert" });
      const form = make("form", { class: "comment", submit: async (event) => {
        event.preventDefault();
        const comment = box.value.trim();
        told.textContent = CPR_NUMBER.test(comment.normalize("NFKC")) ? words.cprComment : "";
        if (!comment || told.textContent) return box.focus();
        if (!(await this.#sendFeedback(answer, helpful, comment))) return;
        form.replaceWith(make("p", { class: "small" }, words.thanks));
        this.#input.focus({ preventScroll: true });
      } }, told, make("label", {}, words.comment, make("div", { class: "field" }, box)),
        make("button", { class: "plain" }, words.sendComment));
      return form;
    }

    async #sendFeedback(answer, helpful, comment) {
      try {
        const body = JSON.stringify({ answer_id: answer.id, helpful, comment, counted: !!comment });
        const response = await fetch(`${this.#server}/api/feedback`, { ...REQUEST, body });
        if (!response.ok) throw await Failure.from(response);
        this.#announce(this.#words.thanks);
        return true;
      } catch {
        this.#announce(this.#words.notSent);
        return false;
      }
    }

    #showSuggestions(place, questions, heading) {
      const asked = questions.map((question) => question.trim()).filter(Boolean);
      if (!asked.length) return place.replaceChildren();
      place.replaceChildren(make("p", { class: "small" }, heading),
        ...asked.map((question) => make("button", { class: "plain", type: "button", click: () => {
          if (this.#request) return this.#tell(this.#words.wait);
          this.#input.focus({ preventScroll: true });
          this.#ask(question);
        } }, question)));
    }

    #spoken(answer) {
      const count = joinNeighbours(answer.citations ?? []).length;
      const sources = count === 1 ? this.#words.oneSource : this.#words.manySources.replace("{count}", count);
      return count ? `${answer.answer} ${sources}` : answer.answer;
    }

    /** Said once to screen readers, through the one live region there is. */
    #announce(sentence) {
      this.#status.textContent = sentence;
    }

    /** The question at the top, so that the answer is read from its beginning. */
    #scrollTo(turn) {
      this.#log.scrollTop += turn.getBoundingClientRect().top - this.#log.getBoundingClientRect().top - 8;
    }
  }

  customElements.define("sidesvar-chat", SidesvarChat);

  /** The tag alone gives a launcher; with <sidesvar-chat> in the page, or data-launcher="none", it does not. */
  function addLauncher() {
    if (!SCRIPT || SCRIPT.dataset.launcher === "none" || document.querySelector("sidesvar-chat")) return;
    const chat = document.createElement("sidesvar-chat");
    Object.assign(chat.dataset, SCRIPT.dataset, { launcher: "" });
    document.body.append(chat);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", addLauncher);
  else addLauncher();
})();

// Updates open pages when the site changes. `newsprint serve` adds this script to its responses,
// not to the site's files.
(() => {
  'use strict';
  const { base, version, ...texts } = document.currentScript.dataset;
  const root = '/.newsprint/';
  const decoded = (path) => {
    try { return path.split('/').map(decodeURIComponent).join('/'); } catch { return path; }
  };
  const here = () => decoded(location.pathname).replace(/\/index\.html$/, '/');

  // Keeps the scroll position across a reload, including one at a new address.
  const SCROLL_KEY = 'newsprint-scroll';
  // Loads the page again, or its new address.
  const load = (path) => {
    sessionStorage.setItem(SCROLL_KEY, String(scrollY));
    if (path === undefined) location.reload();
    else location.replace(path + location.search + location.hash);
  };
  const scroll = sessionStorage.getItem(SCROLL_KEY);
  sessionStorage.removeItem(SCROLL_KEY);
  if (scroll !== null) {
    const restore = () => scrollTo({ top: Number(scroll), behavior: 'instant' });
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', restore);
    else restore();
  }

  let overlay = null;
  const hide = () => {
    overlay?.remove();
    overlay = null;
  };
  const show = (problems) => {
    hide();
    overlay = document.createElement('div');
    overlay.id = 'newsprint-problems';
    const shadow = overlay.attachShadow({ mode: 'open' });
    const style = new CSSStyleSheet();
    style.replaceSync(`
      :host { position: fixed; inset: 0; z-index: 2147483647; overflow: auto; background: #1b1b1fF2; color: #eee; color-scheme: dark; }
      main { max-inline-size: 60rem; margin: 0 auto; padding: 2rem 1rem; font: 15px/1.5 system-ui, sans-serif; }
      h1 { margin: 0 0 .5rem; padding-inline-end: 4rem; font-size: 1.25rem; color: #ff8b8b; }
      p { margin: 0 0 1rem; color: #bbb; }
      section { margin: 0 0 1rem; padding: 1rem; background: #000; border-inline-start: 4px solid #ff8b8b; font: 13px/1.45 ui-monospace, monospace; }
      section.warning { border-color: #e5b567; }
      pre { margin: 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }
      pre.source { white-space: pre; overflow-x: auto; }
      button { position: absolute; inset: 1rem 1rem auto auto; font: inherit; padding: .25rem .75rem; }`);
    shadow.adoptedStyleSheets = [style];
    const add = (parent, name, text) => {
      const element = document.createElement(name);
      element.textContent = text;
      parent.append(element);
      return element;
    };
    const main = document.createElement('main');
    main.setAttribute('role', 'alert');
    shadow.append(main);
    add(main, 'h1', problems.title);
    add(main, 'p', problems.note);
    for (const [nth, text] of problems.texts.entries()) {
      const section = add(main, 'section', '');
      section.classList.toggle('warning', problems.warnings[nth] === true);
      // Source lines keep their columns, so that the mark is below its place. All other lines wrap.
      for (const [part] of text.matchAll(/(?:^ *\d* +\|.*\n?)+|(?:^(?! *\d* +\|).*\n?)+/gm)) {
        if (!part) continue;
        const lines = add(section, 'pre', part.replace(/\n$/, ''));
        if (/^ *\d* +\|/.test(part)) lines.className = 'source';
      }
    }
    const close = add(main, 'button', '×');
    close.setAttribute('aria-label', texts.close);
    close.addEventListener('click', hide);
    document.documentElement.append(overlay);
  };

  addEventListener('keydown', ({ key }) => key === 'Escape' && hide());

  // Shows a message after the preview has ended, because the page itself looks the same.
  let badge = null;
  const showEnded = (hasEnded) => {
    badge?.remove();
    badge = null;
    if (!hasEnded) return;
    badge = document.createElement('div');
    badge.id = 'newsprint-gone';
    const shadow = badge.attachShadow({ mode: 'open' });
    const style = new CSSStyleSheet();
    style.replaceSync(`:host { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483646; padding: .5rem .75rem; border-radius: .25rem;
      background: #1b1b1f; color: #eee; font: 14px/1.4 system-ui, sans-serif; }`);
    shadow.adoptedStyleSheets = [style];
    const text = document.createElement('p');
    text.style.margin = 0;
    text.textContent = texts.ended;
    shadow.append(text);
    badge.setAttribute('role', 'status');
    document.documentElement.append(badge);
  };

  // Replaces a style sheet without a reload: the old one is removed when the new one has loaded.
  // Returns whether the page has it.
  const replaceStyleSheet = (path) => {
    let found = false;
    for (const link of document.querySelectorAll('link[rel~="stylesheet"]')) {
      const url = new URL(link.href);
      if (url.origin !== location.origin || decoded(url.pathname) !== path || link.dataset.newsprintOld) continue;
      found = true;
      const fresh = link.cloneNode();
      url.searchParams.set('newsprint', String(performance.now()));
      fresh.href = url.href;
      fresh.addEventListener('load', () => link.remove());
      fresh.addEventListener('error', () => fresh.remove());
      link.dataset.newsprintOld = 'yes';
      delete fresh.dataset.newsprintOld;
      link.after(fresh);
    }
    return found;
  };
  const usesResource = (path) =>
    performance.getEntriesByType('resource').some(({ name }) => decoded(new URL(name).pathname) === path);

  // An answer that took long may be older than a message that arrived before it.
  let latest = 0;
  const isOld = ({ number }) => {
    latest = Math.max(latest, number);
    return number < latest;
  };

  // Asks for the state, because the page may have missed messages before it listened.
  const checkState = async () => {
    let state;
    try {
      const answer = await fetch(`${root}state?page=${encodeURIComponent(location.pathname)}`, { cache: 'no-store' });
      state = await answer.json();
    } catch {
      return; // The preview has ended. The connection opens again when it restarts.
    }
    if (isOld(state)) return;
    if (state.base !== base) return moveTo(state.base);
    if (state.problems) show(state.problems);
    else {
      hide();
      if (state.version !== version) load();
    }
  };
  const moveTo = (to) => {
    const path = location.pathname;
    load(to + (path.startsWith(base) ? path.slice(base.length) : ''));
  };
  const handleMessage = (news) => {
    if (isOld(news)) return;
    if (news.problems) return show(news.problems);
    hide();
    if (news.base !== base) return moveTo(news.base);
    const moved = news.moved[here()];
    if (moved) return load(moved);
    if (!news.changed) return checkState();
    const styles = news.changed.filter((path) => path.endsWith('.css'));
    const others = news.changed.filter((path) => !path.endsWith('.css'));
    if (others.includes(here()) || others.some((path) => !path.endsWith('/') && usesResource(path))) return load();
    // A style sheet that another one imports cannot be replaced alone.
    if (styles.some((path) => !replaceStyleSheet(path) && usesResource(path))) load();
  };

  // One connection for all pages, because a browser opens at most six to a server.
  const channel = new BroadcastChannel('newsprint');
  const receive = (news) => {
    showEnded(news === 'ended');
    if (news === 'open') checkState();
    else if (news !== 'ended') handleMessage(news);
  };
  channel.addEventListener('message', ({ data }) => receive(data));
  const listen = () =>
    new Promise(() => {
      const source = new EventSource(`${root}events`);
      const broadcast = (news) => {
        channel.postMessage(news);
        receive(news);
      };
      let timer = 0;
      source.addEventListener('open', () => {
        clearTimeout(timer);
        timer = 0;
        broadcast('open');
      });
      // The browser reconnects by itself. Only a longer interruption counts as the end.
      source.addEventListener('error', () => {
        timer ||= setTimeout(() => broadcast('ended'), 3000);
      });
      source.addEventListener('message', ({ data }) => broadcast(JSON.parse(data)));
    });
  addEventListener('pageshow', ({ persisted }) => persisted && checkState());
  if (navigator.locks) navigator.locks.request('newsprint', listen);
  else listen();
  checkState();
})();

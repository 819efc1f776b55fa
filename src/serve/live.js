// Keeps an open page as the digest is. `newsprint serve` adds it to its responses, never to the site's files.
(() => {
  'use strict';
  const own = document.currentScript;
  const { base, version } = own.dataset;
  const root = '/.newsprint/';
  const decoded = (path) => {
    try { return decodeURI(path); } catch { return path; }
  };
  const here = () => decoded(location.pathname).replace(/\/index\.html$/, '/');

  // The scroll position outlives a reload, also one at another address.
  const kept = 'newsprint-scroll';
  const go = (path) => {
    sessionStorage.setItem(kept, String(scrollY));
    if (path === undefined) location.reload();
    else location.replace(path + location.search + location.hash);
  };
  const scroll = sessionStorage.getItem(kept);
  sessionStorage.removeItem(kept);
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
      h1 { margin: 0 0 .5rem; font-size: 1.25rem; color: #ff8b8b; }
      p { margin: 0 0 1rem; color: #bbb; }
      pre { margin: 0 0 1rem; padding: 1rem; overflow: auto; background: #000; border-inline-start: 4px solid #ff8b8b; font: 13px/1.45 ui-monospace, monospace; }
      button { position: absolute; inset: 1rem 1rem auto auto; font: inherit; padding: .25rem .75rem; }`);
    shadow.adoptedStyleSheets = [style];
    const add = (parent, name, text) => {
      const element = document.createElement(name);
      element.textContent = text;
      parent.append(element);
      return element;
    };
    const main = document.createElement('main');
    main.setAttribute('role', 'alertdialog');
    main.setAttribute('aria-label', 'newsprint');
    shadow.append(main);
    add(main, 'h1', problems.title);
    add(main, 'p', problems.note);
    for (const text of problems.texts) add(main, 'pre', text);
    const close = add(main, 'button', '×');
    close.setAttribute('aria-label', 'close');
    close.addEventListener('click', hide);
    document.documentElement.append(overlay);
  };

  // Style sheets are exchanged in place; the old one goes when the new one is there.
  const swap = (path) => {
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
  const uses = (path) =>
    performance.getEntriesByType('resource').some(({ name }) => decoded(new URL(name).pathname) === path);

  // What this page may have missed before it listened.
  const check = async () => {
    let state;
    try {
      const answer = await fetch(`${root}state?page=${encodeURIComponent(location.pathname)}`, { cache: 'no-store' });
      state = await answer.json();
    } catch {
      return; // The preview has ended. When it is there again, it says hello.
    }
    if (state.base !== base) return moveTo(state.base);
    if (state.problems) show(state.problems);
    else {
      hide();
      if (state.version !== version) go();
    }
  };
  const moveTo = (to) => {
    const path = location.pathname;
    go(to + (path.startsWith(base) ? path.slice(base.length) : ''));
  };
  const hear = (news) => {
    if (news.problems) return show(news.problems);
    hide();
    if (news.base !== base) return moveTo(news.base);
    const moved = news.moved[here()];
    if (moved) return go(encodeURI(moved));
    if (!news.changed) return check();
    const styles = news.changed.filter((path) => path.endsWith('.css'));
    const others = news.changed.filter((path) => !path.endsWith('.css'));
    if (others.includes(here()) || others.some((path) => !path.endsWith('/') && uses(path))) return go();
    // A style sheet that another one imports cannot be exchanged alone.
    if (styles.some((path) => !swap(path) && uses(path))) go();
  };

  // One connection for all pages: a browser opens six to a server, and each page would keep one.
  const channel = new BroadcastChannel('newsprint');
  const tell = (news) => (news === 'hello' ? check() : hear(news));
  channel.addEventListener('message', ({ data }) => tell(data));
  const listen = () =>
    new Promise(() => {
      const source = new EventSource(`${root}events`);
      const spread = (news) => {
        channel.postMessage(news);
        tell(news);
      };
      source.addEventListener('open', () => spread('hello'));
      source.addEventListener('message', ({ data }) => spread(JSON.parse(data)));
    });
  addEventListener('pageshow', ({ persisted }) => persisted && check());
  if (navigator.locks) navigator.locks.request('newsprint', listen);
  else listen();
  check();
})();

// Keeps an open page as the digest is. `newsprint serve` adds it to its responses, never to the site's files.
(() => {
  'use strict';
  const own = document.currentScript;
  const { base, version } = own.dataset;
  const root = '/.newsprint/';
  const decoded = (path) => {
    try { return path.split('/').map(decodeURIComponent).join('/'); } catch { return path; }
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
    for (const text of problems.texts) {
      const section = add(main, 'section', '');
      section.classList.toggle('warning', text.startsWith('warning'));
      // Lines of the source keep their columns, so that the mark stands below what is meant; all others wrap.
      for (const [part] of text.matchAll(/(?:^ *\d* +\|.*\n?)+|(?:^(?! *\d* +\|).*\n?)+/gm)) {
        if (!part) continue;
        const lines = add(section, 'pre', part.replace(/\n$/, ''));
        if (/^ *\d* +\|/.test(part)) lines.className = 'source';
      }
    }
    const close = add(main, 'button', '×');
    close.setAttribute('aria-label', 'close');
    close.addEventListener('click', hide);
    document.documentElement.append(overlay);
  };

  addEventListener('keydown', ({ key }) => key === 'Escape' && hide());

  // A preview that has ended looks like one that is there.
  let badge = null;
  const gone = (isGone) => {
    badge?.remove();
    badge = null;
    if (!isGone) return;
    badge = document.createElement('div');
    badge.id = 'newsprint-gone';
    const shadow = badge.attachShadow({ mode: 'open' });
    const style = new CSSStyleSheet();
    style.replaceSync(`:host { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483646; padding: .5rem .75rem; border-radius: .25rem;
      background: #1b1b1f; color: #eee; font: 14px/1.4 system-ui, sans-serif; }`);
    shadow.adoptedStyleSheets = [style];
    const text = document.createElement('p');
    text.style.margin = 0;
    text.textContent = 'The preview has ended. Start newsprint serve again.';
    shadow.append(text);
    badge.setAttribute('role', 'status');
    document.documentElement.append(badge);
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

  // An answer that was long on its way may be older than what was heard meanwhile.
  let latest = 0;
  const isOld = ({ number }) => {
    latest = Math.max(latest, number);
    return number < latest;
  };

  // What this page may have missed before it listened.
  const check = async () => {
    let state;
    try {
      const answer = await fetch(`${root}state?page=${encodeURIComponent(location.pathname)}`, { cache: 'no-store' });
      state = await answer.json();
    } catch {
      return; // The preview has ended. When it is there again, it says hello.
    }
    if (isOld(state)) return;
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
    if (isOld(news)) return;
    if (news.problems) return show(news.problems);
    hide();
    if (news.base !== base) return moveTo(news.base);
    const moved = news.moved[here()];
    if (moved) return go(moved);
    if (!news.changed) return check();
    const styles = news.changed.filter((path) => path.endsWith('.css'));
    const others = news.changed.filter((path) => !path.endsWith('.css'));
    if (others.includes(here()) || others.some((path) => !path.endsWith('/') && uses(path))) return go();
    // A style sheet that another one imports cannot be exchanged alone.
    if (styles.some((path) => !swap(path) && uses(path))) go();
  };

  // One connection for all pages: a browser opens six to a server, and each page would keep one.
  const channel = new BroadcastChannel('newsprint');
  const tell = (news) => {
    gone(news === 'gone');
    if (news === 'hello') check();
    else if (news !== 'gone') hear(news);
  };
  channel.addEventListener('message', ({ data }) => tell(data));
  const listen = () =>
    new Promise(() => {
      const source = new EventSource(`${root}events`);
      const spread = (news) => {
        channel.postMessage(news);
        tell(news);
      };
      let lost = 0;
      source.addEventListener('open', () => {
        clearTimeout(lost);
        lost = 0;
        spread('hello');
      });
      // It tries again by itself; a moment is no end.
      source.addEventListener('error', () => {
        lost ||= setTimeout(() => spread('gone'), 3000);
      });
      source.addEventListener('message', ({ data }) => spread(JSON.parse(data)));
    });
  addEventListener('pageshow', ({ persisted }) => persisted && check());
  if (navigator.locks) navigator.locks.request('newsprint', listen);
  else listen();
  check();
})();

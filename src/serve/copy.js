// Shows a bar with copy buttons over the WeChat form of an edition. `newsprint serve` adds this
// script to its responses, not to the site's files.
(() => {
  'use strict';
  const texts = document.currentScript.dataset;
  const article = document.querySelector('body > section');
  if (!article) return;

  const host = document.createElement('div');
  host.id = 'newsprint-copy';
  const shadow = host.attachShadow({ mode: 'open' });
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { position: sticky; inset-block-start: 0; z-index: 2147483646; display: block; margin: 0 0 16px; }
    div { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 8px 12px; background: #1b1b1f; color: #eee; font: 14px/1.4 system-ui, sans-serif; }
    button { font: inherit; padding: 4px 12px; }
    span { min-inline-size: 8em; }`);
  shadow.adoptedStyleSheets = [style];
  const bar = document.createElement('div');
  bar.setAttribute('role', 'region');
  bar.setAttribute('aria-label', 'newsprint');
  const status = document.createElement('span');
  status.setAttribute('role', 'status');

  // Copies through the selection: on an address that is not secure, browsers offer nothing else.
  const copySelection = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    const copied = document.execCommand('copy');
    selection.removeAllRanges();
    if (!copied) throw new Error(texts.refused);
  };
  const copyText = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const node = document.createElement('pre');
    node.textContent = text;
    document.body.append(node);
    try { copySelection(node); } finally { node.remove(); }
  };
  const copyArticle = async () => {
    if (!navigator.clipboard || !window.ClipboardItem) return copySelection(article);
    const blob = (type, text) => new Blob([text], { type });
    const item = new ClipboardItem({
      'text/html': blob('text/html', article.outerHTML),
      'text/plain': blob('text/plain', article.innerText),
    });
    return navigator.clipboard.write([item]);
  };
  const add = (label, copy) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.addEventListener('click', async () => {
      try {
        await copy();
        status.textContent = `✓ ${label}`;
      } catch (error) {
        status.textContent = `✗ ${error.message}`;
      }
    });
    bar.append(button);
  };
  add(texts.article, copyArticle);
  add(texts.text, () => copyText(article.innerText));
  add(texts.title, () => copyText(document.title));
  const summary = document.querySelector('meta[name=description]')?.content;
  if (summary) add(texts.summary, () => copyText(summary));
  bar.append(status);
  shadow.append(bar);
  document.body.prepend(host);
})();

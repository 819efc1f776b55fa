// Adds a button to every code block of a chapter that copies the block. The words of the button are
// in the attributes of this script's element.

const { copy, copied } = document.currentScript.dataset;
const SHOWN_MS = 2000;

function addButtons() {
  // Screen readers announce changes of this element.
  const status = document.createElement("p");
  status.className = "copy-status";
  status.setAttribute("role", "status");
  document.body.append(status);

  for (const block of document.querySelectorAll(".text pre")) {
    const frame = document.createElement("div");
    frame.className = "code";
    block.replaceWith(frame);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = copy;
    frame.append(block, button);
    let timer;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(block.textContent.replace(/\n$/, ""));
      } catch {
        // The browser does not permit it: the reader can copy the selected text.
        getSelection().selectAllChildren(block);
        return;
      }
      button.textContent = copied;
      status.textContent = copied;
      clearTimeout(timer);
      timer = setTimeout(() => {
        button.textContent = copy;
        status.textContent = "";
      }, SHOWN_MS);
    });
  }
}

// Pages of hosts without HTTPS have no clipboard.
if (navigator.clipboard) addButtons();

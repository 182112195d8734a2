// Says before anything is sent that a file is too large; Gradio's own limit refuses it without a word.
"use strict";

const UPLOAD = JSON.parse(document.getElementById("ki-upload").textContent);

function refuse(event, files) {
  const large = [...(files || [])].find((file) => file.size > UPLOAD.limit);
  if (!large) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.target instanceof HTMLInputElement) event.target.value = "";
  const dialog = document.createElement("dialog");
  dialog.className = "ki-dialog";
  const text = document.createElement("p");
  text.textContent = UPLOAD.sentence.replace("{name}", large.name);
  const close = document.createElement("button");
  close.textContent = UPLOAD.close;
  close.onclick = () => dialog.close();
  dialog.onclose = () => dialog.remove();
  dialog.append(text, close);
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.type === "file") refuse(event, event.target.files);
}, true);
document.addEventListener("drop", (event) => refuse(event, event.dataTransfer && event.dataTransfer.files), true);

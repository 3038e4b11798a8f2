// Posts the chosen file as the raw body, with the session's cookie. Texts and address come as data, never as markup.
export default function ({ parentElement, data, setStateValue }) {
  const drop = parentElement.querySelector(".drop");
  const input = parentElement.querySelector("input");
  input.accept = data.accept;
  const bar = parentElement.querySelector("progress");
  const note = parentElement.querySelector("em");
  parentElement.querySelector("span").textContent = data.words.choose;

  const refuse = (text) => {
    bar.hidden = true;
    input.disabled = false;
    input.value = "";
    note.textContent = text;
  };

  const send = (file) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ kind: data.kind, name: file.name });
    request.open("POST", `${data.url}?${query}`);
    request.withCredentials = true;
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => {
      bar.value = event.total ? event.loaded / event.total : 0;
      note.textContent = `${data.words.sending} ${Math.round(bar.value * 100)}%`;
    };
    request.onload = () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        return refuse(data.words.failed);
      }
      if (request.status === 401) return refuse(data.words.expired);
      if (request.status >= 300) {
        // What is wrong with a file is said in both languages; the sentence above it in English only.
        const why = (answer.fields || []).map((field) => field.message).join(" ") || answer.detail || "";
        return refuse(`${data.words.failed} ${why} ${answer.request_id || ""}`);
      }
      note.textContent = "";
      setStateValue("imported", answer.id);
    };
    request.onerror = () => refuse(data.words.failed);
    input.disabled = true;
    bar.hidden = false;
    request.send(file);
  };

  input.onchange = () => input.files.length && send(input.files[0]);
  drop.ondragover = (event) => {
    event.preventDefault();
    drop.classList.add("over");
  };
  drop.ondragleave = () => drop.classList.remove("over");
  drop.ondrop = (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length && !input.disabled) send(event.dataTransfer.files[0]);
  };
}

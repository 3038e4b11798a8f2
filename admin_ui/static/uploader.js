// Posts the chosen file as the raw body, with the session's cookie; without an address it gives the page a small file's
// text. Texts and address come as data, never as markup.
export default function ({ parentElement, data, setStateValue }) {
  const drop = parentElement.querySelector(".drop");
  const input = parentElement.querySelector("input");
  input.accept = data.accept;
  const bar = parentElement.querySelector("progress");
  const note = parentElement.querySelector("em");
  parentElement.querySelector("span").textContent = data.words.choose;

  // Open for the next file, be it another one or the same once it was corrected.
  const say = (text) => {
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
        return say(data.words.failed);
      }
      if (request.status === 401) return say(data.words.expired);
      if (request.status >= 300) {
        // What is wrong with a file is said in both languages; the sentence above it in English only.
        const why = (answer.fields || []).map((field) => field.message).join(" ") || answer.detail || "";
        return say(`${data.words.failed} ${why} ${answer.request_id || ""}`);
      }
      say(file.name);
      setStateValue("imported", answer.id);
    };
    request.onerror = () => say(data.words.failed);
    input.disabled = true;
    bar.hidden = false;
    request.send(file);
  };

  const read = async (file) => {
    if (file.size > data.most) return say(data.words.too_large);
    const bytes = await file.arrayBuffer();
    let text;
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      text = new TextDecoder("gb18030").decode(bytes); // as spreadsheets in China write
    }
    say(file.name);
    setStateValue("text", text);
  };

  const take = data.url ? send : read;
  input.onchange = () => input.files.length && take(input.files[0]);
  drop.ondragover = (event) => {
    event.preventDefault();
    drop.classList.add("over");
  };
  drop.ondragleave = () => drop.classList.remove("over");
  drop.ondrop = (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length && !input.disabled) take(event.dataTransfer.files[0]);
  };
}

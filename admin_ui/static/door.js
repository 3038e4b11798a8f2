// A button that leaves this page in the same tab: by GET, or by POST as signing out wants it.
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.className = data.kind;
  button.onclick = () => {
    if (data.method === "get") {
      window.location.assign(data.url);
      return;
    }
    const form = document.createElement("form");
    form.method = "post";
    form.action = data.url;
    document.body.append(form);
    form.submit();
  };
}

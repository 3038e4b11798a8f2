// What Streamlit leaves out of the document itself: its language, and whether it is dark. Dialogs hang beside the app's
// own element, so that without this they would not know the scheme.
export default function ({ data }) {
  document.documentElement.lang = data;
  const app = document.querySelector("[data-testid=stApp]");
  const tell = () => { document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme; };
  tell();
  const watch = new MutationObserver(tell);
  watch.observe(app, { attributes: true, attributeFilter: ["class", "style"] });
  return () => watch.disconnect();
}

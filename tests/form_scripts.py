"""What runs in a browser to find a form on its page, to fill it in, and to see whether something is in view."""

FIND = """({path, names}) => {
  document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
  const leads = (address) => address !== null && new URL(address, location.href).pathname === path;
  const leadsByButton = (form) => [...form.elements].some((button) => leads(button.getAttribute("formaction")));
  const forms = [...document.querySelectorAll("form")].filter((form) =>
    form.method === "post" && leads(form.getAttribute("action") ?? "") || leadsByButton(form));
  const form = forms.find((form) => names.every((name) => form.elements.namedItem(name))) ?? forms[0];
  form?.setAttribute("data-tried", "");
  return Boolean(form);
}"""
FILL = """(form, {path, fields}) => {
  const controls = [...form.elements];
  const leads = (button) => new URL(button.getAttribute("formaction"), location.href).pathname === path;
  for (const [name, value] of fields) {
    const named = controls.filter((control) => control.name === name && !["hidden", "submit"].includes(control.type));
    const control = named.find((one) => one.value === value) ?? named[0];
    if (control?.matches("[type=radio], [type=checkbox]")) control.checked = true;
    else if (control) control.value = value;
  }
  const buttons = controls.filter((one) => one.type === "submit" && one.checkVisibility() && !one.ariaHidden);
  const pressed = buttons.find((one) => one.hasAttribute("formaction") && leads(one))
    ?? buttons.find((one) => fields.some(([name, value]) => name === one.name && value === one.value))
    ?? buttons.find((one) => !one.hasAttribute("formaction") && !one.name) ?? buttons[0];
  pressed.setAttribute("data-pressed", "");
}"""
IN_VIEW = """element => {
  const { top, bottom } = element.getBoundingClientRect();
  const told = document.querySelector(".site-told");
  const begins = !told || told.contains(element) ? 8 : told.getBoundingClientRect().bottom;
  return bottom >= begins && top < innerHeight - 8;
}"""

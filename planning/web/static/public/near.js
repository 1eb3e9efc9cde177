/** Fills in where the reader is, where the device can tell, and asks for the nearest points. */
{
  const button = document.getElementById("here");
  const field = document.getElementById("near");
  const said = document.getElementById("said");
  button.hidden = !(window.isSecureContext && navigator.geolocation);
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(({coords}) => {
      field.value = `${coords.latitude.toFixed(4)}, ${coords.longitude.toFixed(4)}`;
      field.form.submit();
    }, () => {
      button.disabled = false;
      said.textContent = button.dataset.failed;
    }, {timeout: 20000, maximumAge: 60000});
  });
}

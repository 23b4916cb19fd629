// Keyboard, menus, dialogues and the life of htmx requests. Everything here only eases what plain links and forms do.
(() => {
  "use strict";

  const CLE_RACCOURCIS = "maintien.raccourcis"; // a setting of this browser, nothing about anybody
  const un = (selecteur, racine = document) => racine.querySelector(selecteur);
  const tous = (selecteur, racine = document) => [...racine.querySelectorAll(selecteur)];
  const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

  // ---- Rows of a list ----
  const lignes = () => tous("[data-ligne]").filter(visible);
  const ligneCourante = () => document.activeElement?.closest("[data-ligne]") ?? null;

  function bouger(pas) {
    const liste = lignes();
    if (!liste.length) return;
    const rang = liste.indexOf(ligneCourante());
    const suivante = liste[rang < 0 ? 0 : Math.min(Math.max(rang + pas, 0), liste.length - 1)];
    un("[data-principal]", suivante)?.focus();
    suivante.scrollIntoView({ block: "nearest" });
  }

  // ---- Shortcuts: an element with data-touche in the current row, or on the page ----
  const raccourcisActifs = () => localStorage.getItem(CLE_RACCOURCIS) !== "non";

  function declencher(touche) {
    const choix = `[data-touche="${CSS.escape(touche)}"]`;
    const ligne = ligneCourante();
    const cible = (ligne && un(choix, ligne)) || tous(choix).filter((e) => !e.closest("[data-ligne]")).find(visible);
    if (!cible) return false;
    if (cible.matches("input, select, textarea")) cible.focus();
    else cible.click();
    return true;
  }

  const saisie = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (evenement) => {
    if (evenement.key === "Escape") return fermer();
    if (evenement.ctrlKey || evenement.metaKey || evenement.altKey) return;
    if (saisie(evenement.target) || un("dialog[open]") || !raccourcisActifs()) return;
    if (evenement.key === "j") bouger(1);
    else if (evenement.key === "k") bouger(-1);
    else if (evenement.key === "?") un("#aide-clavier")?.showModal();
    else if (!declencher(evenement.key)) return;
    evenement.preventDefault();
  });

  // ---- Menus, dialogues, in-place panels ----
  function fermer() {
    const menu = un("details.menu[open]");
    if (menu) {
      menu.open = false;
      un("summary", menu).focus();
      return;
    }
    document.activeElement?.closest("[data-panneau]")?.querySelector("[data-ferme]")?.click();
  }

  document.addEventListener("click", (evenement) => {
    const bouton = evenement.target.closest("[data-ouvre]");
    if (bouton) document.getElementById(bouton.dataset.ouvre)?.showModal();
    tous("details.menu[open]").forEach((menu) => {
      if (!menu.contains(evenement.target)) menu.open = false;
    });
    const ferme = evenement.target.closest("[data-ferme]");
    if (ferme && ferme.dataset.ferme) {
      evenement.preventDefault();
      const panneau = document.getElementById(ferme.dataset.ferme);
      panneau.replaceChildren();
      document.getElementById(ferme.dataset.retour)?.focus();
    }
  });

  document.addEventListener("change", (evenement) => {
    const champ = evenement.target;
    if (champ.id === "raccourcis-actifs") localStorage.setItem(CLE_RACCOURCIS, champ.checked ? "oui" : "non");
    if (champ.matches("[data-soumet]")) champ.form.requestSubmit();
    if (champ.matches("[data-montre-fichiers]")) montrerFichiers(champ);
  });

  function montrerFichiers(champ) {
    const liste = document.getElementById(champ.dataset.montreFichiers);
    liste.replaceChildren(
      ...[...champ.files].map((fichier) => Object.assign(document.createElement("li"), { textContent: fichier.name })),
    );
  }

  // ---- A drop zone around a file field ----
  for (const nom of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(nom, (evenement) => {
      const zone = evenement.target.closest?.("[data-depot]");
      if (!zone) return;
      evenement.preventDefault();
      zone.classList.toggle("depot-survol", nom === "dragover");
      if (nom !== "drop") return;
      const champ = un("input[type=file]", zone);
      champ.files = evenement.dataTransfer.files;
      champ.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  // ---- htmx: say what happened when the server does not answer; keep what was typed ----
  function dire(ton, texte) {
    const zone = un("#messages");
    const avis = document.createElement("div");
    avis.className = `avis avis-${ton}`;
    const phrase = document.createElement("p");
    phrase.textContent = texte;
    avis.append(phrase);
    zone.replaceChildren(avis);
    zone.scrollIntoView({ block: "nearest" });
  }

  const PANNE = "Le serveur ne répond pas. Rien n’a été enregistré, votre saisie est toujours là : réessayez dans un instant.";
  document.addEventListener("htmx:sendError", () => dire("rouge", PANNE));
  document.addEventListener("htmx:timeout", () => dire("rouge", PANNE));
  document.addEventListener("htmx:responseError", (evenement) => {
    const statut = evenement.detail.xhr.status;
    if (statut === 404) dire("ambre", "Cet élément n’existe plus ou ne vous est plus attribué. Rechargez la page.");
    else if (statut === 403) dire("ambre", "Votre session a expiré. Votre saisie est toujours là : reconnectez-vous dans un autre onglet, puis recommencez.");
    else dire("rouge", PANNE);
  });
  // 409 (changed by somebody else) and 422 (form to correct) carry a page fragment to show.
  document.addEventListener("htmx:beforeSwap", (evenement) => {
    if ([409, 422].includes(evenement.detail.xhr.status)) {
      evenement.detail.shouldSwap = true;
      evenement.detail.isError = false;
    }
  });
  document.addEventListener("htmx:afterSettle", (evenement) => {
    const cible = evenement.detail.target ?? evenement.target;
    un("[data-focus]", cible)?.focus();
  });

  // ---- A row that is done slides away and the next one is ready ----
  document.addEventListener("ligne-traitee", (evenement) => {
    const ligne = document.getElementById(evenement.detail.ligne);
    if (!ligne) return;
    const liste = lignes();
    const suivante = liste[liste.indexOf(ligne) + 1] ?? liste[liste.indexOf(ligne) - 1];
    const partir = () => {
      ligne.remove();
      if (suivante) un("[data-principal]", suivante)?.focus();
      else un("#fin-de-liste")?.focus();
    };
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return partir();
    ligne.classList.add("ligne-part");
    setTimeout(partir, 200);
  });

  // ---- Start ----
  const actifs = un("#raccourcis-actifs");
  if (actifs) actifs.checked = raccourcisActifs();
  tous("form[data-quitte]").forEach((formulaire) => formulaire.addEventListener("submit", () => sessionStorage.clear()));
})();

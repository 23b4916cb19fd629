// Keyboard, menus, dialogues and the life of htmx requests. Everything here only eases what plain links and forms do.
(() => {
  "use strict";

  const CLE_RACCOURCIS = "maintien.raccourcis"; // a setting of this browser, nothing about anybody
  const DUREE_MESSAGE = 8000;
  const APRES_DEPART = 300; // milliseconds: a little more than the slide
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
    if (!cible) return ailleurs(touche, ligne);
    if (cible.matches("input, select, textarea")) cible.focus();
    else cible.click();
    return true;
  }

  // From a row of the list, a note or a pause opens in its dossier; from anywhere, « / » leads to the search.
  const PAGES = { n: "note/", p: "pause/" };

  function ailleurs(touche, ligne) {
    if (ligne?.dataset.dossier && PAGES[touche]) location.assign(ligne.dataset.dossier + PAGES[touche]);
    else if (touche === "/" && un("[data-recherche]")) location.assign(`${un("[data-recherche]").href}#recherche`);
    else return false;
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
  let declencheur = null; // what opened the panel: the focus goes back there

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
    const panneau = ferme && document.getElementById(ferme.dataset.ferme);
    if (!panneau) return;
    evenement.preventDefault();
    panneau.replaceChildren();
    if (declencheur?.isConnected) declencheur.focus();
  });

  document.addEventListener("htmx:beforeRequest", (evenement) => {
    const origine = evenement.detail.elt;
    if (origine.matches("a[hx-get]") && evenement.detail.target?.matches("[data-panneau]")) declencheur = origine;
  });

  // A panel that opens, or comes back with a form to correct, takes the focus where the typing begins.
  document.addEventListener("htmx:afterSettle", (evenement) => {
    const panneau = evenement.detail.target;
    if (!panneau?.matches?.("[data-panneau]")) return;
    const premier = un(".is-invalid", panneau) ?? un("[data-avertissement]", panneau) ?? un("input:not([type=hidden]), select, textarea", panneau) ?? un("button[type=submit]", panneau);
    premier?.focus();
    panneau.scrollIntoView({ block: "nearest" });
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
  }

  // What went well goes away by itself; what did not stays until it is closed.
  function laisserPartir() {
    tous('[data-message="success"], [data-message="info"]').forEach((avis) => setTimeout(() => avis.remove(), DUREE_MESSAGE));
  }
  document.addEventListener("htmx:afterSettle", laisserPartir);
  document.addEventListener("htmx:oobAfterSwap", laisserPartir);
  document.addEventListener("click", (evenement) => {
    evenement.target.closest("[data-ferme-message]")?.closest(".avis").remove();
  });

  const COUPURE = "Le serveur ne répond pas. Votre saisie est toujours là : vérifiez le réseau, puis réessayez.";
  const PANNE = "Une panne a interrompu l’opération. Votre saisie est toujours là : ouvrez la page dans un autre onglet pour voir si elle a été enregistrée, avant de recommencer.";
  const REFUS = {
    403: "Votre session a expiré. Votre saisie est toujours là : reconnectez-vous dans un autre onglet, puis recommencez.",
    404: "Cet élément n’existe plus ou ne vous est plus attribué. Rechargez la page.",
  };
  document.addEventListener("htmx:sendError", () => dire("rouge", COUPURE));
  document.addEventListener("htmx:timeout", () => dire("rouge", COUPURE));
  document.addEventListener("htmx:responseError", (evenement) => {
    const refus = REFUS[evenement.detail.xhr.status];
    dire(refus ? "ambre" : "rouge", refus ?? PANNE);
  });
  // 409 (changed by somebody else) and 422 (form to correct) carry a page fragment to show.
  document.addEventListener("htmx:beforeSwap", (evenement) => {
    if ([409, 422].includes(evenement.detail.xhr.status)) {
      evenement.detail.shouldSwap = true;
      evenement.detail.isError = false;
    }
  });
  // ---- Life, for whatever takes more than a moment (maintien.css waits before showing it) ----
  let enCours = 0;
  const vivre = (pas) => {
    enCours = Math.max(0, enCours + pas);
    document.body.classList.toggle("au-travail", enCours > 0);
  };
  document.addEventListener("htmx:beforeRequest", () => vivre(1));
  document.addEventListener("htmx:afterRequest", () => vivre(-1));
  document.addEventListener("submit", (evenement) => {
    if (!evenement.defaultPrevented) vivre(1);
  });
  addEventListener("pageshow", () => vivre(-enCours));

  // ---- A row that is done slides away (journee.css) and the next one is ready ----
  document.addEventListener("htmx:beforeSwap", (evenement) => {
    const ligne = evenement.detail.target;
    if (!evenement.detail.shouldSwap || !ligne?.matches?.("[data-ligne]")) return;
    const liste = lignes();
    const rang = liste.indexOf(ligne);
    const suivante = liste[rang + 1] ?? liste[rang - 1];
    setTimeout(() => {
      const cible = suivante ? un("[data-principal]", suivante) : un("#fin-de-liste");
      cible?.focus();
    }, APRES_DEPART);
  });

  // ---- Start ----
  sessionStorage.clear(); // htmx notes the address there, history off or not
  laisserPartir();
  if (location.hash === "#recherche") un("#recherche")?.focus();
  if (matchMedia("(max-width: 767px)").matches) tous("[data-volet]:not(:has(a))").forEach((volet) => (volet.open = false));
  const actifs = un("#raccourcis-actifs");
  if (actifs) actifs.checked = raccourcisActifs();
})();

/* Access keys (WebAuthn): hands the browser what the server asks, and the form what the browser answers. */
(() => {
  "use strict";

  const octets = (texte) => Uint8Array.from(atob(texte.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const texte = (tampon) => {
    let lu = "";
    new Uint8Array(tampon).forEach((octet) => { lu += String.fromCharCode(octet); });
    return btoa(lu).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const connues = (liste) => (liste || []).map((cle) => ({ ...cle, id: octets(cle.id) }));

  const creer = (demande) => navigator.credentials.create({
    publicKey: {
      ...demande,
      challenge: octets(demande.challenge),
      user: { ...demande.user, id: octets(demande.user.id) },
      excludeCredentials: connues(demande.excludeCredentials),
    },
  });
  const lire = (demande) => navigator.credentials.get({
    publicKey: { ...demande, challenge: octets(demande.challenge), allowCredentials: connues(demande.allowCredentials) },
  });

  const reponse = (cle) => {
    const lue = { clientDataJSON: texte(cle.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach((nom) => {
      if (cle.response[nom]) { lue[nom] = texte(cle.response[nom]); }
    });
    return {
      id: cle.id,
      rawId: texte(cle.rawId),
      type: cle.type,
      response: lue,
      clientExtensionResults: cle.getClientExtensionResults(),
    };
  };

  document.querySelectorAll("form[data-cle]").forEach((forme) => {
    const erreur = forme.querySelector("[data-cle-erreur]");
    const options = JSON.parse(document.getElementById("cle-options").textContent);
    forme.addEventListener("submit", async (evenement) => {
      evenement.preventDefault();
      erreur.textContent = "";
      if (!window.PublicKeyCredential) {
        erreur.textContent = "Ce navigateur ne connaît pas les clés d’accès : utilisez l’application.";
        return;
      }
      try {
        const cle = forme.dataset.cle === "creer"
          ? await creer(options.creation_options.publicKey)
          : await lire(options.request_options.publicKey);
        forme.elements.credential.value = JSON.stringify(reponse(cle));
        forme.submit();
      } catch (refus) {
        erreur.textContent = refus.name === "InvalidStateError"
          ? "Cette clé est déjà celle de votre compte."
          : "La clé n’a pas répondu, ou vous avez annulé. Recommencez, ou utilisez l’application.";
      }
    });
  });
})();

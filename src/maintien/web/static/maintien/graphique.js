// Debt by age: stacked bars, one colour an age, the same everywhere; drawn again when light turns to dark.
(() => {
  "use strict";

  const euros = (centimes) =>
    `${Math.round(centimes / 100).toLocaleString("fr-FR")}\u00a0€`;
  const exact = (centimes) =>
    (centimes / 100).toLocaleString("fr-FR", { style: "currency", currency: "EUR" });

  function couleurs(boite) {
    const racine = getComputedStyle(document.documentElement);
    return {
      texte: getComputedStyle(boite).color,
      fond: getComputedStyle(document.querySelector(".card") ?? document.body).backgroundColor,
      pas: boite.clientWidth < 420 ? 8 : 4,
      ages: [1, 2, 3, 4, 5].map((rang) => racine.getPropertyValue(`--age-${rang}`).trim()),
    };
  }

  function options(donnees, c) {
    const axe = { axisLabel: { color: c.texte, fontSize: 12 }, axisLine: { lineStyle: { color: c.texte } } };
    const totaux = donnees.mois.map((_, i) => donnees.tranches.reduce((somme, t) => somme + t.valeurs[i], 0));
    const haut = Math.max(...totaux, 1);
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      aria: { enabled: false },
      grid: { left: 8, right: 72, top: 20, bottom: 4, containLabel: true },
      tooltip: {
        trigger: "axis",
        renderMode: "richText",
        axisPointer: { type: "shadow" },
        backgroundColor: c.fond,
        borderColor: c.texte,
        textStyle: { color: c.texte, fontSize: 12 },
        formatter: (points) => bulle(donnees, points[0].dataIndex, totaux),
      },
      xAxis: {
        type: "category",
        data: donnees.mois,
        axisTick: { show: false },
        ...axe,
        // Counted from the last month, which is always named.
        axisLabel: { ...axe.axisLabel, interval: (rang) => (donnees.mois.length - 1 - rang) % c.pas === 0 },
      },
      yAxis: {
        type: "value",
        min: 0,
        splitNumber: 3,
        splitLine: { lineStyle: { color: c.texte, opacity: 0.15 } },
        ...axe,
        axisLabel: { ...axe.axisLabel, formatter: euros },
      },
      series: [
        ...donnees.tranches.map((tranche, rang) => ({
          name: tranche.nom,
          type: "bar",
          stack: "dette",
          barCategoryGap: "25%",
          data: tranche.valeurs.map((valeur) => valeur || "-"),
          itemStyle: { color: c.ages[rang], borderColor: c.texte, borderWidth: 0.5 },
        })),
        dernierTotal(totaux, c),
        reperes(donnees, haut, c),
      ],
    };
  }

  function dernierTotal(totaux, c) {
    const dernier = totaux.length - 1;
    return {
      type: "line",
      symbol: "none",
      lineStyle: { width: 0 },
      data: totaux,
      silent: true,
      endLabel: { show: totaux[dernier] > 0, formatter: euros(totaux[dernier]), color: c.texte, fontSize: 12, distance: 16 },
    };
  }

  function reperes(donnees, haut, c) {
    return {
      type: "scatter",
      symbol: "triangle",
      symbolRotate: 180,
      symbolSize: 8,
      silent: true,
      itemStyle: { color: c.texte },
      data: donnees.reperes.map((repere) => [repere.rang, haut * 1.1]),
    };
  }

  function bulle(donnees, rang, totaux) {
    const lignes = donnees.tranches
      .filter((tranche) => tranche.valeurs[rang])
      .map((tranche) => `${tranche.nom} : ${exact(tranche.valeurs[rang])}`);
    const faits = donnees.reperes.filter((repere) => repere.rang === rang).map((repere) => `▼ ${repere.texte}`);
    return [`${donnees.mois[rang]} : ${exact(totaux[rang])}`, ...lignes, ...faits].join("\n");
  }

  const dessins = new Map();

  function dessiner(boite) {
    const donnees = JSON.parse(boite.dataset.graphique);
    let dessin = dessins.get(boite);
    if (!dessin) {
      dessin = echarts.init(boite, null, { renderer: "canvas" });
      dessins.set(boite, dessin);
      new ResizeObserver(() => dessin.resize()).observe(boite);
    }
    dessin.setOption(options(donnees, couleurs(boite)), true);
  }

  function dessinerTout() {
    for (const boite of dessins.keys()) {
      if (!boite.isConnected) {
        dessins.get(boite).dispose();
        dessins.delete(boite);
      }
    }
    document.querySelectorAll("[data-graphique]").forEach(dessiner);
  }

  dessinerTout();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dessinerTout);
  document.addEventListener("htmx:afterSettle", dessinerTout);
})();

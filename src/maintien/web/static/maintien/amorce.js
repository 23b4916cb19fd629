// Runs before the page is drawn: what needs a script shows, its plain replacement hides.
document.documentElement.classList.add("avec-script");

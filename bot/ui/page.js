document.documentElement.lang = "da";

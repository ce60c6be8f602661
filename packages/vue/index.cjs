module.exports = require("@signal-kernel/native/vue");

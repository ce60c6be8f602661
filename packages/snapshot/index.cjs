module.exports = require("@signal-kernel/native/snapshot");

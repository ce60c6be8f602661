module.exports = require("@signal-kernel/native/react");

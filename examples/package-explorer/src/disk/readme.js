// @ts-check
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { ifThere } from "./errors.js";

/** Far above any README written by a person, and small enough to render while one waits. */
const LIMIT = 256 * 1024;

/**
 * @param {string} dir
 * @returns {Promise<string | undefined>} its path
 */
export async function findReadme(dir) {
  const names = (await ifThere(readdir(dir))) ?? [];
  const found = names.filter((name) => /^readme(\.(md|markdown|txt))?$/i.test(name)).sort();
  const best = found.find((name) => /\.(md|markdown)$/i.test(name)) ?? found[0];
  return best && join(dir, best);
}

/**
 * @param {string} path
 * @returns {Promise<{ text: string, cut: boolean }>} `cut`: the file is longer than what we read
 */
export async function readReadme(path) {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(LIMIT);
    const { bytesRead } = await file.read(buffer, 0, LIMIT, 0);
    const { size } = await file.stat();
    return { text: buffer.toString("utf8", 0, bytesRead), cut: size > bytesRead };
  } finally {
    await file.close();
  }
}

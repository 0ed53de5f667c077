// Reads a JSON list of texts from the standard input and prints, for each encoding, how many tokens each has.
import { readFileSync } from "node:fs";
import { Tiktoken } from "js-tiktoken/lite";
import cl100k_base from "js-tiktoken/ranks/cl100k_base";
import o200k_base from "js-tiktoken/ranks/o200k_base";

const texts = JSON.parse(readFileSync(0, "utf8"));
const counts = Object.entries({ o200k_base, cl100k_base }).map(([name, ranks]) => {
  const encoding = new Tiktoken(ranks);
  return [name, texts.map((text) => encoding.encode(text, [], []).length)];
});
console.log(JSON.stringify(Object.fromEntries(counts)));

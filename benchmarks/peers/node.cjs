// The peers of Node, each as its README says: node.cjs TEMPLATE RECORDS docxtemplater|easy-template-x|carbone
// Speaks as _turns.py does.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");
const { createRequire } = require("node:module");

const [template, recordsFile, engine] = process.argv.slice(2);
const peers = createRequire(path.resolve(process.env.BTI_BENCH_PEERS, "here.js"));

function docxtemplater() {
  const PizZip = peers("pizzip");
  const Docxtemplater = peers("docxtemplater");
  const content = fs.readFileSync(template, "binary");
  return async (record) => {
    const document = new Docxtemplater(new PizZip(content), { paragraphLoop: true, linebreaks: true });
    document.render(record);
    return document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
  };
}

function easyTemplateX() {
  const { TemplateHandler } = peers("easy-template-x");
  const content = fs.readFileSync(template);
  const handler = new TemplateHandler();
  return (record) => handler.process(content, record);
}

function carbone() {
  const engineItself = peers("carbone");
  return (record) =>
    new Promise((resolve, reject) =>
      engineItself.render(template, record, (error, made) => (error ? reject(error) : resolve(made))),
    );
}

async function main() {
  const makers = { docxtemplater, "easy-template-x": easyTemplateX, carbone };
  let render, version;
  try {
    render = makers[engine]();
    const entry = peers.resolve(engine);
    const root = entry.slice(0, entry.lastIndexOf(`${path.sep}${engine}${path.sep}`) + engine.length + 1);
    version = JSON.parse(fs.readFileSync(path.join(root, "package.json"))).version;
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    console.log("missing");
    return;
  }
  const records = JSON.parse(fs.readFileSync(recordsFile, "utf-8"));
  console.log(`ready ${version}`);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [count, ...kept] = line.trim().split(/\s+/);
    const started = process.cpuUsage();
    let size = 0;
    let document;
    for (let number = 0; number < Number(count); number += 1) {
      document = await render(records[number % records.length]);
      size += document.length;
    }
    const spent = process.cpuUsage(started);
    for (const file of kept) fs.writeFileSync(file, document);
    console.log(`${(spent.user + spent.system) / 1e6} ${size}`);
  }
}

main().then(() => process.exit(0));

// Reads XML as strictly as a reader in CI would: whatever is not well-formed is refused, and nothing is guessed.

export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  /** Of the element itself, without its children's. */
  text: string;
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** What XML 1.0 calls Char. */
const CHARACTERS = /^[\t\n\r -\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

/** Elements, attributes in double quotes, character references and the five entities: no more than this is written here. */
export function parseXml(text: string): Element {
  if (!CHARACTERS.test(text)) throw new Error("a character that XML has no place for");
  const document = { rest: text };
  take(document, /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/);
  const root = element(document);
  if (document.rest.trim() !== "") throw new Error(`behind the root: ${document.rest}`);
  return root;
}

interface Document {
  rest: string;
}

function element(document: Document): Element {
  const [, name] = take(document, /^<([A-Za-z][\w.-]*)/);
  const found: Element = { name: name!, attributes: {}, children: [], text: "" };
  for (;;) {
    const attribute = may(document, /^\s+([A-Za-z][\w.-]*)="([^"<]*)"/);
    if (attribute === undefined) break;
    if (attribute[1]! in found.attributes) throw new Error(`${attribute[1]} twice`);
    // A line end in an attribute is read as a space, unless it is spelled.
    found.attributes[attribute[1]!] = decoded(attribute[2]!.replace(/[\t\n\r]/g, " "));
  }
  if (may(document, /^\s*\/>/) !== undefined) return found;
  take(document, /^\s*>/);
  while (may(document, /^<\//) === undefined) {
    if (document.rest.startsWith("<")) found.children.push(element(document));
    else found.text += decoded(take(document, /^[^<]+/)[0]!);
  }
  const [, closing] = take(document, /^([A-Za-z][\w.-]*)\s*>/);
  if (closing !== name) throw new Error(`<${name}> is closed by </${closing}>`);
  return found;
}

function decoded(text: string): string {
  if (text.includes("]]>")) throw new Error("]]> stands in text");
  return text.replace(/&([^;]*)(;?)/g, (all, reference: string, end: string) => {
    const number = /^#(\d+)$/.exec(reference)?.[1];
    const character = number === undefined ? ENTITIES[reference] : String.fromCodePoint(Number(number));
    if (end === "" || character === undefined) throw new Error(`${all} is no reference`);
    return character;
  });
}

function may(document: Document, pattern: RegExp): RegExpExecArray | undefined {
  const found = pattern.exec(document.rest);
  if (found === null) return undefined;
  document.rest = document.rest.slice(found[0].length);
  return found;
}

function take(document: Document, pattern: RegExp): RegExpExecArray {
  const found = may(document, pattern);
  if (found === undefined) throw new Error(`expected ${pattern} at: ${document.rest.slice(0, 80)}`);
  return found;
}

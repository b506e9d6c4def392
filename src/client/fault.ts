// Where a field of the state lies, for whoever wants to break it on purpose.
import { SamestepError } from "../error.js";
import { classOf, elementBytes, type Field, type Schema } from "../simulation/schema.js";

const SEGMENT = /^([A-Za-z_$][\w$]*)(?:\[(\d+)\])?$/;

/**
 * The number that a path names, as bytes from the start of the state; of an object or an array, its first number.
 * @throws SamestepError UNKNOWN_FIELD with the fields there are.
 */
export function numberAt(schema: Schema, path: string): { path: string; offset: number } {
  let className = schema.root;
  let offset = 0;
  let found = "";
  const segments = path === "" ? [] : path.split(".");
  for (;;) {
    const segment = segments.shift();
    const { field, index } = fieldOf(schema, className, segment);
    offset += field.offset + index * elementBytes(schema, field);
    found += `${found === "" ? "" : "."}${field.name}${field.count === undefined ? "" : `[${index}]`}`;
    if (field.kind === "nested") className = field.type;
    else if (segments.length === 0) return { path: found, offset };
    else throw new SamestepError("UNKNOWN_FIELD", `'${found}' is a number and has no '${segments[0]}'`);
  }
}

function fieldOf(schema: Schema, className: string, segment: string | undefined): { field: Field; index: number } {
  const { fields } = classOf(schema, className);
  const [, name, index = "0"] = segment === undefined ? [] : (SEGMENT.exec(segment) ?? []);
  const field = segment === undefined ? fields[0] : fields.find((each) => each.name === name);
  if (field === undefined || Number(index) >= (field.count ?? 1)) {
    const known = fields.map((each) => each.name + (each.count === undefined ? "" : `[${each.count}]`)).join(", ");
    throw new SamestepError("UNKNOWN_FIELD", `'${className}' has no '${segment}'; it has ${known}`);
  }
  return { field, index: Number(index) };
}

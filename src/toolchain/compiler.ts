// The compiler's numbered kinds. Its typings declare them as const enums, which a module compiled alone cannot read.
import * as assemblyscript from "assemblyscript";

type Numbered<Names extends string> = { readonly [name in Names]: number };

const kinds = assemblyscript as unknown as {
  NodeKind: Numbered<
    | "Call"
    | "ClassDeclaration"
    | "Decorator"
    | "FieldDeclaration"
    | "Function"
    | "FunctionDeclaration"
    | "Identifier"
    | "Import"
    | "MethodDeclaration"
    | "NamedType"
    | "New"
    | "PropertyAccess"
    | "Variable"
  >;
  CommonFlags: Numbered<"Const" | "Constructor" | "Export" | "Generic" | "Readonly" | "Static">;
  ElementKind: Numbered<
    "ClassPrototype" | "Enum" | "FunctionPrototype" | "Global" | "PropertyPrototype" | "TypeDefinition"
  >;
  DecoratorKind: Numbered<"Custom">;
  SourceKind: Numbered<"UserEntry">;
  DiagnosticCategory: Numbered<"Error">;
  DiagnosticCode: Numbered<"User_defined_0">;
};

export const NodeKind: (typeof kinds)["NodeKind"] = kinds.NodeKind;
export const CommonFlags: (typeof kinds)["CommonFlags"] = kinds.CommonFlags;
export const ElementKind: (typeof kinds)["ElementKind"] = kinds.ElementKind;
export const DecoratorKind: (typeof kinds)["DecoratorKind"] = kinds.DecoratorKind;
export const SourceKind: (typeof kinds)["SourceKind"] = kinds.SourceKind;
export const DiagnosticCategory: (typeof kinds)["DiagnosticCategory"] = kinds.DiagnosticCategory;
export const DiagnosticCode: (typeof kinds)["DiagnosticCode"] = kinds.DiagnosticCode;

// The compiler's numbered kinds. Its typings declare them as const enums, which a module compiled alone cannot read.
import * as assemblyscript from "assemblyscript";

type Numbered<Names extends string> = { readonly [name in Names]: number };

const kinds = assemblyscript as unknown as {
  NodeKind: Numbered<
    | "Binary"
    | "Call"
    | "ClassDeclaration"
    | "Decorator"
    | "ElementAccess"
    | "FieldDeclaration"
    | "Function"
    | "FunctionDeclaration"
    | "Identifier"
    | "Import"
    | "MethodDeclaration"
    | "NamedType"
    | "New"
    | "PropertyAccess"
    | "UnaryPostfix"
    | "UnaryPrefix"
    | "Variable"
  >;
  CommonFlags: Numbered<"Const" | "Constructor" | "Export" | "Generic" | "Readonly" | "Static">;
  ElementKind: Numbered<
    "ClassPrototype" | "Enum" | "FunctionPrototype" | "Global" | "PropertyPrototype" | "TypeDefinition"
  >;
  DecoratorKind: Numbered<"Custom">;
  SourceKind: Numbered<"UserEntry">;
  Token: Numbered<"Caret_Equals" | "Equals" | "Minus_Minus" | "Plus_Plus">;
  DiagnosticCategory: Numbered<"Error">;
  DiagnosticCode: Numbered<"User_defined_0">;
};

export const NodeKind: (typeof kinds)["NodeKind"] = kinds.NodeKind;
export const CommonFlags: (typeof kinds)["CommonFlags"] = kinds.CommonFlags;
export const ElementKind: (typeof kinds)["ElementKind"] = kinds.ElementKind;
export const DecoratorKind: (typeof kinds)["DecoratorKind"] = kinds.DecoratorKind;
export const Token: (typeof kinds)["Token"] = kinds.Token;
export const SourceKind: (typeof kinds)["SourceKind"] = kinds.SourceKind;
export const DiagnosticCategory: (typeof kinds)["DiagnosticCategory"] = kinds.DiagnosticCategory;
export const DiagnosticCode: (typeof kinds)["DiagnosticCode"] = kinds.DiagnosticCode;

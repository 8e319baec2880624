import { visitImports, type ModuleImport } from './imports.ts'
import { placeOf } from './place.ts'
import type { Rule, RuleContext, Scope, SyntaxNode, Visitor } from './rule.ts'

const files = /^(node:)?fs(\/promises)?$/
const timers = /^(node:)?timers(\/promises)?$/
const crypto = /^(node:)?crypto$/
const randomName = /^(random\w+|pseudoRandomBytes|getRandomValues)$/

const ambientCalls = new Set(['setTimeout', 'setInterval', 'setImmediate'])
const ambientMembers: Readonly<Record<string, RegExp>> = {
  Date: /^now$/,
  performance: /^(now|timeOrigin)$/,
  Math: /^random$/,
  crypto: randomName,
  webcrypto: randomName,
  process: /^hrtime$/,
  AbortSignal: /^timeout$/,
  globalThis: /^(setTimeout|setInterval|setImmediate)$/,
}

/** Time, chance and files come from the options: only core's clock, random and disk modules reach for the machine's. */
export const ambient: Rule = {
  create(context) {
    const { path, published } = placeOf(context.filename, context.cwd)
    if (!published || path.startsWith('packages/core/src/disk/')) return {}
    const report = (node: SyntaxNode, what: string, instead: string): void =>
      context.report({ node, message: `${what} is bare ${instead}.` })
    const imports = visitImports((found) => {
      const problem = problemOf(found)
      if (problem === 'files') report(found.node, `"${found.specifier}"`, 'file access: take `disk` in the options')
      else if (problem !== undefined && !isSource(path)) report(found.node, `"${found.specifier}"`, problem)
    })
    return isSource(path)
      ? imports
      : merge(
          imports,
          globals((node) => isGlobal(node, context), report),
        )
  },
}

function isSource(path: string): boolean {
  return /^packages\/core\/src\/(clock|random)\//.test(path)
}

function problemOf({ specifier, names, typeOnly }: ModuleImport): string | undefined {
  if (typeOnly) return undefined
  if (files.test(specifier)) return 'files'
  if (timers.test(specifier)) return 'time: take `clock` in the options'
  if (/^(node:)?perf_hooks$/.test(specifier) && names.includes('performance'))
    return 'time: take `clock` in the options'
  if (crypto.test(specifier) && names.some((name) => randomName.test(name)))
    return 'chance: take `random` in the options'
  return undefined
}

/** Whether a name is defined nowhere in the file, and therefore the machine's. */
function isGlobal(node: Name, { sourceCode }: RuleContext): boolean {
  for (let scope: Scope | null = sourceCode.getScope(node); scope !== null; scope = scope.upper)
    if ((scope.set.get(node.name)?.defs.length ?? 0) > 0) return false
  return true
}

type Report = (node: SyntaxNode, what: string, instead: string) => void

interface Name extends SyntaxNode {
  readonly name: string
}

function globals(isGlobal: (node: Name) => boolean, report: Report): Visitor {
  const time = 'time: take `clock` in the options'
  return {
    Identifier(node: Name) {
      if (ambientCalls.has(node.name) && isGlobal(node)) report(node, node.name, time)
    },
    MemberExpression(
      node: SyntaxNode & { readonly object: Name; readonly property: Name & { readonly value?: string } },
    ) {
      const { object, property } = node
      const member = property.name ?? property.value ?? ''
      if (object.type !== 'Identifier' || ambientMembers[object.name]?.test(member) !== true) return
      // `crypto` is ambient as the global and as a namespace import alike.
      if (!object.name.endsWith('crypto') && !isGlobal(object)) return
      const chance = object.name === 'Math' || randomName.test(member)
      report(node, `${object.name}.${member}`, chance ? 'chance: take `random` in the options' : time)
    },
    NewExpression(node: SyntaxNode & { readonly callee: Name; readonly arguments: readonly unknown[] }) {
      if (node.callee.name === 'Date' && node.arguments.length === 0) report(node, 'new Date()', time)
    },
    CallExpression(node: SyntaxNode & { readonly callee: Name }) {
      if (node.callee.name === 'Date' && isGlobal(node.callee)) report(node, 'Date()', time)
    },
  }
}

function merge(first: Visitor, second: Visitor): Visitor {
  const both = Object.entries(second).map(([type, visit]) => {
    const other = first[type]
    return [type, other === undefined ? visit : (node: never) => (other(node), visit(node))]
  })
  return { ...first, ...Object.fromEntries(both) }
}

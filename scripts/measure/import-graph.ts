import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** File → the files it imports at run time by relative path. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>

/**
 * The run-time imports between files. `import type` and `export type` statements vanish when types are stripped and
 * are left out; so are dynamic imports, which cannot make a module load half-initialised.
 */
export function importGraph(files: readonly string[]): ImportGraph {
  return new Map(
    files.map((file) => [file, runtimeImports(readFileSync(file, 'utf8')).map((to) => join(dirname(file), to))]),
  )
}

const statement = /^[ \t]*(?:import|export)\b(?![ \t]*\()([^'"`;]*?\bfrom[ \t]*)?[ \t]*(['"])(\.[^'"]*)\2/gm

/** The relative specifiers that a module's text imports at run time. */
export function runtimeImports(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '')
  return [...code.matchAll(statement)].filter(([, clause]) => !isTypeOnly(clause)).map(([, , , path]) => path!)
}

function isTypeOnly(clause: string | undefined): boolean {
  if (clause === undefined) return false
  if (/^\s*type\b(?!\s*from\b|\s*,)/.test(clause)) return true
  const names = /^\s*\{([^}]*)\}\s*from/
    .exec(clause)?.[1]
    ?.split(',')
    .map((name) => name.trim())
  return names?.every((name) => name === '' || name.startsWith('type ')) === true && names.some((name) => name !== '')
}

/**
 * The groups of files that import each other in a circle: the strongly connected components with more than one file,
 * or with a file that imports itself (Tarjan 1972).
 */
export function importCycles(graph: ImportGraph): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const cycles: string[][] = []

  const visit = (file: string): void => {
    order.set(file, order.size)
    lowest.set(file, order.get(file)!)
    open.push(file)
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) visit(next)
      if (open.includes(next)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!))
    }
    if (lowest.get(file) !== order.get(file)) return
    const component = open.splice(open.indexOf(file))
    if (component.length > 1 || graph.get(file)?.includes(file)) cycles.push(component)
  }

  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return cycles
}

/** A file and everything it imports by relative path, type imports included: what a reader of its types must load. */
export function withImports(file: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(file) || !existsSync(file)) return seen
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  for (const [, specifier] of text.matchAll(/from\s*['"](\.[^'"]+)\.js['"]/g))
    withImports(join(dirname(file), `${specifier}.d.ts`), seen)
  return seen
}

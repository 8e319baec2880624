import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { importCycles, importGraph, runtimeImports, withImports } from './import-graph.ts'

const folders: string[] = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })))

function write(files: Readonly<Record<string, string>>): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'exprsn-graph-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return (name) => join(folder, name)
}

describe('runtimeImports', () => {
  it.each([
    [`import { a } from './a.ts'`, ['./a.ts']],
    [`import './a.ts'`, ['./a.ts']],
    [`import a from './a.ts'`, ['./a.ts']],
    [`import * as a from "../a.ts"`, ['../a.ts']],
    [`import {\n  a,\n  type B,\n} from './a.ts'`, ['./a.ts']],
    [`export { a } from './a.ts'`, ['./a.ts']],
    [`export { type A, b } from './a.ts'`, ['./a.ts']],
    [`import type { A } from './a.ts'`, []],
    [`export type { A } from './a.ts'`, []],
    [`import { type A, type B } from './a.ts'`, []],
    [`import {\n  type A,\n} from './a.ts'`, []],
    [`import { readFile } from 'node:fs'`, []],
    [`await import('./a.ts')`, []],
    [`/**\n * import { a } from './a.ts'\n */`, []],
    [`// import { a } from './a.ts'`, []],
    [
      `import { a } from 'pg'\nimport { b } from './b.ts'\nexport const c = 'x'\nexport * from './d.ts'`,
      ['./b.ts', './d.ts'],
    ],
  ])('reads %j', (text, specifiers) => {
    expect(runtimeImports(text)).toEqual(specifiers)
  })
})

describe('importCycles', () => {
  it('finds circles and only circles', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['a']],
      ['d', ['e']],
      ['e', []],
      ['f', ['f']],
    ])
    expect(importCycles(graph)).toEqual([['a', 'b', 'c'], ['f']])
  })

  it('calls a diamond no circle', () => {
    const graph = new Map([
      ['top', ['left', 'right']],
      ['left', ['bottom']],
      ['right', ['bottom']],
      ['bottom', []],
    ])
    expect(importCycles(graph)).toEqual([])
  })

  it('finds a circle between real files and not one made of types alone', () => {
    const path = write({
      'a.ts': `import { b } from './b.ts'\nexport const a = b`,
      'b.ts': `import { a } from './a.ts'\nexport const b = a`,
      'c.ts': `import type { D } from './d.ts'\nexport const c = 1`,
      'd.ts': `import { c } from './c.ts'\nexport type D = typeof c`,
    })
    expect(importCycles(importGraph(['a.ts', 'b.ts', 'c.ts', 'd.ts'].map(path)))).toEqual([
      [path('a.ts'), path('b.ts')],
    ])
  })
})

describe('withImports', () => {
  it('follows declaration files to their shared chunks', () => {
    const path = write({
      'index.d.ts': `export { A } from './chunk-1.js';\nimport { B } from 'zod';`,
      'chunk-1.d.ts': `import { C } from './chunk-2.js'`,
      'chunk-2.d.ts': `import { A } from './chunk-1.js'`,
      'other.d.ts': '',
    })
    expect([...withImports(path('index.d.ts'))]).toEqual(['index.d.ts', 'chunk-1.d.ts', 'chunk-2.d.ts'].map(path))
  })
})

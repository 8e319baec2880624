import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { root } from './lib/packages.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(root, 'node_modules/.chunk-groups-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const sources = {
  'kinds/base.ts': `export class Base { name = 'base' }`,
  'kinds/derived.ts': `import { Base } from './base.ts'\nexport class Derived extends Base { name = 'derived' }`,
  'kinds/alone.ts': `export const alone = ['alone']`,
  'other.ts': `export const other = 'other'`,
  'one.ts': `import { Derived } from './kinds/derived.ts'\nimport { other } from './other.ts'\nexport default [new Derived().name, other]`,
  'two.ts': `import { Base } from './kinds/base.ts'\nimport { other } from './other.ts'\nexport default [new Base().name, other]`,
  'three.ts': `import { alone } from './kinds/alone.ts'\nimport { Base } from './kinds/base.ts'\nexport default [...alone, new Base().name]`,
}

/** The files of a build of three entries, and what the entries say. */
function build(plugins: string): { readonly chunks: readonly string[]; readonly said: unknown } {
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(join(folder, 'src', path, '..'), { recursive: true })
    writeFileSync(join(folder, 'src', path), text)
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module","sideEffects":false}')
  writeFileSync(
    join(folder, 'tsup.config.ts'),
    `import { chunkGroups } from '../../scripts/chunk-groups.ts'
    const entry = { one: 'src/one.ts', two: 'src/two.ts', three: 'src/three.ts' }
    export default { entry, format: ['esm'], silent: true, esbuildPlugins: [${plugins}] }`,
  )
  execFileSync(process.execPath, [join(root, 'node_modules/tsup/dist/cli-default.js')], { cwd: folder })
  const script = `console.log(JSON.stringify(await Promise.all(['one', 'two', 'three'].map(
    async (name) => (await import('./dist/' + name + '.js')).default))))`
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8' })
  const chunks = readdirSync(join(folder, 'dist')).filter((name) => name.startsWith('chunk-'))
  return { chunks: chunks.map((name) => readFileSync(join(folder, 'dist', name), 'utf8')), said: JSON.parse(said) }
}

it('makes one file of a group, in which modules come after those they are built on', () => {
  const expected = [
    ['derived', 'other'],
    ['base', 'other'],
    ['alone', 'base'],
  ]
  const plain = build('')
  expect(plain.said).toEqual(expected)
  expect(plain.chunks.some((text) => text.includes('Base') && text.includes('alone'))).toBe(false)
  rmSync(join(folder, 'dist'), { recursive: true })

  const { chunks, said } = build(`chunkGroups({ kinds: ['kinds'] })`)
  expect(said).toEqual(expected)
  expect(chunks.filter((text) => /class|alone/.test(text))).toHaveLength(1)
  expect(chunks.find((text) => text.includes('class'))).not.toContain('other')
})

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** A planted bug: a piece of text that stands in the file exactly once, and what stands there instead. */
export interface Mutation {
  readonly file: string
  readonly from: string
  readonly to: string
}

const source = fileURLToPath(new URL('../../../src/', import.meta.url))
const core = fileURLToPath(new URL('../../../../core/src/', import.meta.url))

/** Loads a copy of the areas with a bug in it, and with files of its own beside. */
export async function importMutant<Module>(
  entry: string,
  { file, from, to }: Mutation,
  areas: readonly string[] = ['coordinates', 'fence'],
  added: Readonly<Record<string, string>> = {},
): Promise<Module> {
  const folder = mkdtempSync(join(tmpdir(), 'exprsn-mutant-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const area of areas)
    cpSync(join(source, area), join(folder, area), { recursive: true, filter: (path) => !path.endsWith('.test.ts') })
  for (const [path, content] of Object.entries(added)) writeFileSync(join(folder, path), content)
  const text = readFileSync(join(folder, file), 'utf8')
  const parts = text.split(from)
  if (parts.length !== 2) throw new Error(`"${from}" stands ${parts.length - 1} times in ${file}`)
  writeFileSync(join(folder, file), parts.join(to))
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )) {
    const content = readFileSync(join(folder, path), 'utf8')
    const imports = content.replaceAll(/'@exprsn\/core(\/[a-z-]+)?'/g, (_, block = '') => `'${core}${block}/index.ts'`)
    writeFileSync(join(folder, path), imports)
  }
  return (await import(/* @vite-ignore */ join(folder, entry))) as Module
}

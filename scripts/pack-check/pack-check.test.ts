import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { pinnedToolchain } from '../lib/toolchain.ts'
import { packCheck } from './pack-check.ts'

const nodes = [pinnedToolchain().node]
const folders: string[] = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })))

const exportsField = {
  '.': {
    '@exprsn/source': './src/index.ts',
    'module-sync': { types: './dist/index.d.ts', default: './dist/index.js' },
    import: { types: './dist/index.d.ts', default: './dist/index.js' },
    require: { types: './dist/index.d.cts', default: './dist/index.cjs' },
  },
  './package.json': './package.json',
}
const manifest = {
  name: '@sample/fixture',
  version: '1.0.0',
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  files: ['dist', 'src', '!src/**/*.test.ts'],
  main: './dist/index.cjs',
  module: './dist/index.js',
  types: './dist/index.d.ts',
  engines: { node: '>=22.19' },
  exports: exportsField,
}
const files = {
  'package.json': JSON.stringify(manifest),
  'README.md': '# Fixture',
  LICENSE: 'MIT',
  'src/index.ts': 'export class Thing {}',
  'src/index.test.ts': '',
  'dist/index.js': 'export class Thing {}',
  'dist/index.cjs': 'exports.Thing = class Thing {}',
  'dist/index.d.ts': 'export declare class Thing {}',
  'dist/index.d.cts': 'export declare class Thing {}',
}

/** A small package that is fit to publish, with some files replaced. */
async function check(changes: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'exprsn-fixture-'))
  folders.push(folder)
  for (const [path, text] of Object.entries({ ...files, ...changes })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const problems = await packCheck({ folders: [folder], nodes })
  return problems.map(({ where, problem }) => `${where}: ${problem}`).join('\n')
}

function withExports(changes: object): string {
  return JSON.stringify({ ...manifest, exports: { ...exportsField, ...changes } })
}

describe('packCheck', { timeout: 90_000 }, () => {
  it('finds nothing wrong with a good package', async () => {
    expect(await check()).toBe('')
  })

  it('finds exports that point to missing files', async () => {
    const missing = { ...exportsField['.'], 'module-sync': { types: './dist/x.d.ts', default: './dist/x.js' } }
    const problems = await check({ 'package.json': withExports({ './x': missing }) })
    expect(problems).toMatch(/@sample\/fixture: dist\/x\.js is missing/)
    expect(problems).toMatch(/@sample\/fixture: dist\/x\.d\.ts is missing/)
    expect(problems).toMatch(/does not exist/)
    expect(problems).toMatch(/consumer: import on Node/)
  })

  it('finds two classes where import and require should share one, and the order of conditions behind it', async () => {
    const { 'module-sync': moduleSync, ...others } = exportsField['.']
    const problems = await check({ 'package.json': withExports({ '.': others }) })
    expect(moduleSync).toBeDefined()
    expect(problems).toMatch(/must have the conditions/)
    expect(problems).toMatch(/one identity on Node .*Thing differs between import and require/)
  })

  it('finds a module that fails to load', async () => {
    const problems = await check({ 'dist/index.js': `import 'absent'\nexport class Thing {}` })
    expect(problems).toMatch(/import on Node .*Cannot find package 'absent'/)
    expect(problems).toMatch(/bundling: .*absent/s)
  })

  it('finds a CommonJS build that lags behind, though no Node would load it', async () => {
    expect(await check({ 'dist/index.cjs': 'exports.Other = class {}' })).toMatch(/index\.cjs has other exports/)
  })

  it('finds types that are wrong or need what a user has not installed', async () => {
    const leak = `import type { Pool } from 'absent-peer'\nexport declare class Thing { pool: Pool }`
    expect(await check({ 'dist/index.d.ts': leak })).toMatch(/types under bundler: .*absent-peer/s)
  })

  it('finds a claim of side effects and nothing else', async () => {
    const problems = await check({ 'package.json': JSON.stringify({ ...manifest, sideEffects: true }) })
    expect(problems).toBe('@sample/fixture: sideEffects is not false')
  })
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { tail } from '../lib/must-capture.ts'
import { capture } from '../lib/run.ts'
import type { Consumer } from './consumer.ts'

/** A program that loads every subpath in one particular way and exits with 0 when all is well. */
export interface Host {
  readonly name: string
  readonly file: string
}

/** Writes the hosts: import, require, both in one process, and the CommonJS files that Node itself passes over. */
export function writeHosts({ folder, specifiers }: Consumer): Host[] {
  return [
    host(folder, 'import', 'esm/import.js', importHost(specifiers)),
    host(folder, 'require', 'cjs/require.js', requireHost(specifiers)),
    host(folder, 'one identity', 'esm/identity.js', identityHost(specifiers)),
    host(folder, 'CommonJS files', 'cjs/fallback.js', fallbackHost(specifiers)),
  ]
}

/** Bundles the import and the require host into single files, as a deployment would. Peers are not there either. */
export async function bundleHosts({ folder }: Consumer): Promise<Host[]> {
  const forms = [
    { name: 'bundled ESM', entry: 'esm/import.js', file: 'esm/bundle.js', format: 'esm' },
    { name: 'bundled CommonJS', entry: 'cjs/require.js', file: 'cjs/bundle.js', format: 'cjs' },
  ] as const
  return Promise.all(
    forms.map(async ({ name, entry, file, format }) => {
      const outfile = join(folder, file)
      const entryPoints = [join(folder, entry)]
      await build({
        entryPoints,
        outfile,
        format,
        bundle: true,
        platform: 'node',
        target: 'node22',
        // esbuild only whispers when a name is imported that its file does not have.
        logOverride: { 'import-is-undefined': 'error' },
        logLevel: 'silent',
      })
      return { name, file: outfile }
    }),
  )
}

/** Runs a host under one Node. */
export async function hostProblems({ name, file }: Host, node: string, version: string): Promise<string[]> {
  const { code, stdout, stderr } = await capture(node, ['--no-warnings', file], {
    cwd: join(file, '..'),
    timeout: 60_000,
  })
  return code === 0 ? [] : [`${name} on Node ${version}: ${reasonOf(stdout + stderr)}`]
}

/** The line that names the error; Node prints the source line above it and the stack below. */
function reasonOf(output: string): string {
  return output.split('\n').find((line) => /^\w*Error\b/.test(line)) ?? tail(output, 8)
}

function host(folder: string, name: string, path: string, text: string): Host {
  const file = join(folder, path)
  writeFileSync(file, text)
  return { name, file }
}

function importHost(specifiers: readonly string[]): string {
  return [
    ...specifiers.map((specifier, index) => `import * as module${index} from '${specifier}'`),
    `const modules = [${specifiers.map((_, index) => `module${index}`)}]`,
    `if (modules.some((module) => Object.values(module).includes(undefined))) throw new Error('an export is undefined')`,
  ].join('\n')
}

function requireHost(specifiers: readonly string[]): string {
  return [
    `const modules = [${specifiers.map((specifier) => `require('${specifier}')`)}]`,
    `if (modules.some((module) => Object.values(module).includes(undefined))) throw new Error('an export is undefined')`,
  ].join('\n')
}

/** `import` and `require` must give the same classes, or `instanceof`, registries and singletons split in two. */
function identityHost(specifiers: readonly string[]): string {
  return `import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
for (const specifier of ${JSON.stringify(specifiers)}) {
  const [imported, required] = [await import(specifier), require(specifier)]
  const names = new Set([...Object.keys(imported), ...Object.keys(required)])
  // Node adds it to what \`require\` gives of an ES module with a default export.
  names.delete('__esModule')
  for (const name of names)
    if (imported[name] !== required[name]) throw new Error(specifier + ': ' + name + ' differs between import and require')
}
`
}

/** Tools that do not know \`module-sync\` take the CommonJS build: each file must load, with the same export names. */
function fallbackHost(specifiers: readonly string[]): string {
  return `const { dirname, join } = require('node:path')
const { readFileSync } = require('node:fs')
for (const specifier of ${JSON.stringify(specifiers)}) {
  const [scope, name, ...rest] = specifier.split('/')
  const folder = dirname(require.resolve(scope + '/' + name + '/package.json'))
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = exports[['.', ...rest].join('/')].require.default
  const names = (module) => String(Object.keys(module).filter((key) => key !== '__esModule').sort())
  if (names(require(join(folder, file))) !== names(require(specifier))) throw new Error(file + ' has other exports')
}
`
}

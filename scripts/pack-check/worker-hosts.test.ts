import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { root } from '../lib/packages.ts'
import { hostProblems } from './hosts.ts'
import { workerHosts } from './worker-hosts.ts'

let folder: string
const specifiers = ['@exprsn/core', '@exprsn/core/workers']

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exprsn-workers-'))
  for (const [kind, type] of [
    ['esm', 'module'],
    ['cjs', 'commonjs'],
  ] as const) {
    mkdirSync(join(folder, kind))
    writeFileSync(join(folder, kind, 'package.json'), JSON.stringify({ private: true, type }))
  }
})

afterEach(() => rmSync(folder, { recursive: true }))

/** The pool as an installed package, in both formats. */
async function install(change: (text: string) => string = (text) => text): Promise<void> {
  const at = join(folder, 'node_modules/@exprsn/core')
  mkdirSync(at, { recursive: true })
  const exports = { './workers': { import: './workers.mjs', require: './workers.cjs' } }
  writeFileSync(join(at, 'package.json'), JSON.stringify({ name: '@exprsn/core', exports }))
  for (const [format, file] of [
    ['esm', 'workers.mjs'],
    ['cjs', 'workers.cjs'],
  ] as const) {
    const { outputFiles } = await build({
      entryPoints: [join(root, 'packages/core/src/workers/index.ts')],
      bundle: true,
      platform: 'node',
      format,
      write: false,
    })
    writeFileSync(join(at, file), change(outputFiles[0]!.text))
  }
}

const problems = async (): Promise<readonly string[]> => {
  const hosts = await workerHosts({ folder, specifiers })
  const found = await Promise.all(hosts.map((host) => hostProblems(host, process.execPath, process.version)))
  return found.flat()
}

describe('workerHosts', () => {
  it('runs tasks on threads and inline, in both formats and bundled', async () => {
    await install()
    const hosts = await workerHosts({ folder, specifiers })
    expect(hosts.map(({ name }) => name)).toEqual([
      'a worker in ESM',
      'a worker bundled as ESM',
      'a worker in CommonJS',
      'a worker bundled as CommonJS',
    ])
    expect(await problems()).toEqual([])
  })

  it('notices a package whose workers answer nothing right', async () => {
    await install((text) => text.replaceAll(/type: ["']done["'], id, value/g, 'type: "done", id, value: 0'))
    expect(await problems()).toHaveLength(4)
  })

  it('has none for packages without the pool', async () => {
    expect(await workerHosts({ folder, specifiers: ['@exprsn/geo'] })).toEqual([])
  })
})

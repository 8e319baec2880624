import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../lib/packages.ts'

interface Case {
  readonly file: string
  readonly code: string
}

// Every line stands alone in a file of its own; all files are linted in one run of the real oxlint.
const forbidden: Readonly<Record<string, readonly Case[]>> = {
  'sibling-imports': [
    at('packages/logs/src/wal/a.ts', `import { x } from '@exprsn/backup'`),
    at('packages/logs/src/wal/b.ts', `import type { X } from '@exprsn/geo/fence'`),
    at('packages/logs/src/wal/c.test.ts', `import { x } from '@exprsn/backup'`),
    at('packages/core/src/errors/d.ts', `export { x } from '@exprsn/logs'`),
    at('packages/core/src/errors/e.ts', `void import('@exprsn/logs')`),
    at('packages/core/src/errors/f.ts', `import { x } from '@exprsn/real-servers/postgres'`),
    at('packages/logs/src/wal/g.ts', `import { x } from '../../../core/src/errors/registry.ts'`),
    at('packages/logs/src/wal/h.ts', `import { x } from '@exprsn/core/src/errors/registry'`),
    at('packages/logs/src/wal/i.ts', `import { x } from '@exprsn/logs'`),
    at('packages/logs/src/wal/j.ts', `import { SimulatedClock } from '@exprsn/core/testing'`),
    at('packages/logs/src/wal/k.test.ts', `import { x } from '../../../../testing/src/postgres.ts'`),
    at('examples/tour/src/l.ts', `import { x } from '../../../packages/core/src/index.ts'`),
  ],
  layers: [
    at('packages/core/src/errors/a.ts', `import { x } from '../disk/disk.ts'`),
    at('packages/core/src/errors/b.ts', `import type { X } from '../disk/disk.ts'`),
    at('packages/core/src/errors/c.ts', `export { x } from '../index.ts'`),
    at('packages/core/src/errors/d.ts', `import { x } from '../unlisted/x.ts'`),
    at('packages/core/src/unlisted/e.ts', `export const x = 1`),
    at('packages/geo/src/fence/f.ts', `export const x = 1`),
  ],
  'heavy-sdks': [
    at('packages/core/src/errors/a.ts', `import pg from 'pg'`),
    at('packages/core/src/errors/b.ts', `import type { Client } from 'pg'`),
    at('packages/core/src/errors/c.ts', `void import('@aws-sdk/client-s3')`),
    at('packages/core/src/errors/d.ts', `export type Pool = import('pg').Pool`),
    at('packages/core/src/drivers/e.ts', `import pg from 'pg'`),
    at('packages/core/src/drivers/f.ts', `import { type Pool, Client } from 'pg'`),
    at('packages/core/src/errors/g.ts', `import { request } from 'undici'`),
    at(
      'packages/core/src/errors/h.ts',
      `import { createRequire } from 'node:module'; createRequire('/')('pg'); require('pg')`,
    ),
  ],
  ambient: [
    at('packages/core/src/errors/a.ts', `import { readFileSync } from 'node:fs'`),
    at('packages/core/src/errors/b.ts', `import { readFile } from 'fs/promises'`),
    at('packages/core/src/clock/c.ts', `import { readFile } from 'node:fs/promises'`),
    at('packages/core/src/errors/d.ts', `process.getBuiltinModule('node:fs')`),
    at('packages/core/src/errors/e.ts', `Date.now()`),
    at('packages/core/src/errors/f.ts', `new Date()`),
    at('packages/core/src/errors/g.ts', `Date()`),
    at('packages/core/src/errors/h.ts', `performance.now()`),
    at('packages/core/src/errors/i.ts', `setTimeout(() => {}, 1)`),
    at('packages/core/src/errors/j.ts', `export const later = setImmediate`),
    at('packages/core/src/errors/k.ts', `globalThis.setInterval(() => {}, 1)`),
    at('packages/core/src/errors/l.ts', `import { setTimeout } from 'node:timers/promises'`),
    at('packages/core/src/errors/m.ts', `Math.random()`),
    at('packages/core/src/errors/n.ts', `import { randomBytes } from 'node:crypto'`),
    at('packages/core/src/errors/o.ts', `crypto.randomUUID()`),
    at(
      'packages/core/src/errors/p.ts',
      `import * as crypto from 'node:crypto'; crypto.randomFillSync(new Uint8Array(1))`,
    ),
    at('packages/core/src/errors/q.ts', `process.hrtime.bigint()`),
    at('packages/core/src/errors/r.ts', `AbortSignal.timeout(5)`),
    at('packages/core/src/testing/s.ts', `crypto.getRandomValues(new Uint8Array(1))`),
    at('packages/core/src/errors/t.ts', `Date['now']()`),
  ],
}

const allowed: readonly Case[] = [
  at('packages/logs/src/wal/ok-a.ts', `import { x } from '@exprsn/core/disk'; import { y } from '../record/y.ts'`),
  at('packages/logs/src/testing/ok-b.ts', `import { SimulatedClock } from '@exprsn/core/testing'`),
  at(
    'packages/logs/src/wal/ok-c.test.ts',
    `import { x } from '@exprsn/real-servers/postgres'; import '@exprsn/core/testing'`,
  ),
  at(
    'packages/logs/test/ok-d.ts',
    `import { x } from '@exprsn/logs'; import 'node:fs'; setTimeout(() => {}, Math.random())`,
  ),
  at(
    'packages/core/src/disk/ok-e.ts',
    `import { x } from '../errors/x.ts'; import { open } from 'node:fs/promises'; Date.now()`,
  ),
  at('packages/core/src/clock/ok-f.ts', `setTimeout(() => {}, Date.now()); performance.now()`),
  at(
    'packages/core/src/random/ok-g.ts',
    `import { randomFillSync } from 'node:crypto'; randomFillSync(new Uint8Array(1))`,
  ),
  at('packages/core/src/errors/ok-h.test.ts', `import { x } from '../disk/disk.ts'; import pg from 'pg'; Date.now()`),
  at('packages/core/src/drivers/ok-i.ts', `import type { Pool } from 'pg'; export const load = () => import('pg')`),
  at('packages/core/src/client/ok-j.ts', `import { request } from 'undici'`),
  at('packages/core/src/index.ts', `export { x } from './drivers/ok-i.ts'`),
  at('packages/core/src/errors/ok-k.ts', `import { createHash } from 'node:crypto'; new Date(0)`),
  at(
    'packages/core/src/errors/ok-l.ts',
    `export function f(setTimeout: () => void, performance: { now(): number }) { setTimeout(); performance.now() }`,
  ),
  at(
    'packages/core/src/errors/ok-m.ts',
    `import type { Stats } from 'node:timers'; clearTimeout(undefined); Date.UTC(2026)`,
  ),
  at(
    'examples/tour/src/ok-n.ts',
    `import { x } from '@exprsn/logs'; import pg from 'pg'; import 'node:fs'; Date.now()`,
  ),
  at('scripts/ok-o.ts', `import '../examples/tour/src/ok-n.ts'; setTimeout(() => {}, 1)`),
]

function at(file: string, code: string): Case {
  return { file, code }
}

interface Diagnostic {
  readonly filename: string
  readonly code: string
  readonly message: string
}

describe('the architecture rules', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lint-')))
  let diagnostics: readonly Diagnostic[] = []

  beforeAll(() => {
    const rules = Object.keys(forbidden).map((rule) => [`architecture/${rule}`, 'error'])
    const plugin = join(root, 'scripts/lint/architecture-plugin.ts')
    write('.oxlintrc.json', JSON.stringify({ categories: {}, jsPlugins: [plugin], rules: Object.fromEntries(rules) }))
    write(
      'packages/core/README.md',
      '# Core\n\n## Inside\n\n```text\nerrors → clock → random →\n  disk → client → testing → drivers\n```\n',
    )
    write(
      'packages/logs/README.md',
      '# Logs\n\n## Inside\n\nIn this order: \n\n`record` → `wal` → `testing`\n\n## Next\n\na → b\n',
    )
    write('packages/geo/README.md', '# Geo\n\n## Inside\n\nNothing yet.\n\n## Next\n\nfence → b\n')
    for (const { file, code } of [...Object.values(forbidden).flat(), ...allowed].map(withRule)) write(file, code)
    diagnostics = lint()
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  for (const [rule, cases] of Object.entries(forbidden))
    describe(`architecture/${rule}`, () => {
      it.each(cases)('fires on $file: $code', ({ file }) => {
        const found = diagnostics.filter(({ filename }) => filename === ruleFile(rule, file))
        expect(found.map(({ code }) => code)).toContain(`architecture(${rule})`)
      })
    })

  it.each(allowed)('lets pass $file: $code', ({ file }) => {
    expect(diagnostics.filter(({ filename }) => filename === file)).toEqual([])
  })

  function lint(): readonly Diagnostic[] {
    const binary = join(root, 'node_modules/.bin/oxlint')
    const options = { cwd: folder, encoding: 'utf8' } as const
    try {
      execFileSync(binary, ['--format', 'json', '--disable-unicorn-plugin', '-A', 'all'], options)
    } catch (error) {
      return JSON.parse((error as { stdout: string }).stdout).diagnostics
    }
    throw new Error('Lint found nothing to complain about in the forbidden files.')
  }

  function write(file: string, content: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), content)
  }
})

/** The same path may stand under several rules: forbidden files carry their rule's name. */
function withRule(item: Case): Case {
  const rule = Object.entries(forbidden).find(([, cases]) => cases.includes(item))?.[0]
  return rule === undefined ? item : { ...item, file: ruleFile(rule, item.file) }
}

function ruleFile(rule: string, file: string): string {
  return file.replace(/([^/]+)$/, `${rule}-$1`)
}

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Actor, getConfig } from '@valhallajs/valhallajs'
import { npmPeer } from '../../core/resilience/compare-calls.ts'

/** Valhalla, native and in this process. */
export const valhalla = { ...npmPeer('@valhallajs/valhallajs'), name: 'valhalla' }

const program = fileURLToPath(
  new URL('../../../node_modules/@valhallajs/valhallajs/bin/valhalla-cli.js', import.meta.url),
)

/** Builds Valhalla's tiles of an extract in a folder of their own. */
export async function openValhalla(extract: string): Promise<{ readonly actor: Actor; close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'exprsn-valhalla-'))
  const config = await getConfig({ tileDir: join(folder, 'tiles'), tileExtract: '' })
  const limits = config.service_limits.auto
  limits.max_matrix_distance = 1e9
  limits.max_matrix_location_pairs = 1e6
  const file = join(folder, 'config.json')
  writeFileSync(file, JSON.stringify(config))
  await promisify(execFile)(process.execPath, [program, 'build_tiles', '-c', file, extract], {
    // It writes a list of doubled ways to where it runs.
    cwd: folder,
    maxBuffer: 1 << 28,
  })
  return { actor: new Actor(config), close: () => rmSync(folder, { recursive: true, force: true }) }
}

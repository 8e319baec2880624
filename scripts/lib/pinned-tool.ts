import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { mustCapture } from './must-capture.ts'
import { root } from './packages.ts'

/**
 * The binary of one pinned tool from npm, installed once below `.tools/<name>-<version>`, where scripts/x.mjs keeps its
 * own. The rename makes it all or nothing, also between two processes.
 */
export async function pinnedTool(name: string, version: string): Promise<string> {
  const folder = join(root, '.tools', `${name}-${version}`)
  const binary = join(folder, 'node_modules', '.bin', name)
  if (existsSync(binary)) return binary
  console.error(`Installing ${name} ${version} …`)
  const draft = `${folder}.${process.pid}.tmp`
  mkdirSync(draft, { recursive: true })
  try {
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
    await mustCapture('npm', ['install', '--prefix', draft, ...quiet, `${name}@${version}`])
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(binary)) throw error
  }
  return binary
}

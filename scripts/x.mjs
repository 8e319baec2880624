// The one way into every task: `node scripts/x.mjs <task> [arguments]`.
// It runs under whatever Node the machine has (18 or newer, with npm), brings the pinned toolchain, installs the
// locked dependencies when they changed, and hands over to scripts/tasks/<task>.ts under the development Node.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const windows = process.platform === 'win32'
const { toolchain } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
})

async function main([task, ...taskArguments]) {
  const tasks = readdirSync(join(root, 'scripts/tasks'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => name.slice(0, -3))
  if (!tasks.includes(task)) throw new Error(`Unknown task "${task ?? ''}". Tasks: ${tasks.join(', ')}.`)
  const node = developmentNode()
  installDependencies(node)
  await runTask(node, task, taskArguments)
}

/** The host's own Node when it is new enough for the packages, else the pinned one from npm. */
function developmentNode() {
  return isAtLeast(process.versions.node, toolchain.nodeFloor) ? process.execPath : tool('node', toolchain.node)
}

function isAtLeast(version, floor) {
  const [have, want] = [version, floor].map((text) => text.split('.').map(Number))
  const differs = have.findIndex((part, index) => part !== want[index])
  return differs === -1 || have[differs] > want[differs]
}

/** Installs one pinned tool below .tools, once. The rename makes it all or nothing, also between two processes. */
function tool(name, version) {
  const folder = join(root, '.tools', `${name}-${version}`)
  const binary = join(folder, 'node_modules', '.bin', windows ? `${name}.cmd` : name)
  if (existsSync(binary)) return binary
  console.error(`Installing ${name} ${version} …`)
  const draft = `${folder}.${process.pid}.tmp`
  mkdirSync(draft, { recursive: true })
  try {
    run(windows ? 'npm.cmd' : 'npm', [
      ...['install', '--prefix', draft, '--no-audit', '--no-fund', '--loglevel=error'],
      `${name}@${version}`,
    ])
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(binary)) throw error
  }
  if (!existsSync(binary)) throw new Error(`${name} ${version} has no binary for ${process.platform} ${process.arch}.`)
  return binary
}

/** `pnpm install --frozen-lockfile`, skipped while nothing it depends on has changed. */
function installDependencies(node) {
  const stamp = join(root, 'node_modules', '.exprsn-install')
  const inputs = installInputs(node)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return
  const pnpm = tool('pnpm', toolchain.pnpm)
  console.error('Installing dependencies …')
  run(pnpm, ['install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=warn'], node)
  writeFileSync(stamp, inputs)
}

function installInputs(node) {
  const manifests = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}/package.json`),
  )
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', 'testing/package.json', ...manifests]
  const hash = createHash('sha256').update(node)
  for (const file of files.filter((name) => existsSync(join(root, name))).sort())
    hash.update(file).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/** Hands over to the task; its exit code is ours, and a signal sent to us reaches it. */
function runTask(node, task, taskArguments) {
  const script = join(root, 'scripts/tasks', `${task}.ts`)
  const child = spawn(node, ['--conditions=@exprsn/source', script, ...taskArguments], {
    stdio: 'inherit',
    env: { ...environment(node), ...(task === 'start' ? compileCache() : {}) },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      process.exitCode = code ?? 128 + constants.signals[signal]
      resolve()
    })
  })
}

/** The tour starts a dozen processes of its own: kept machine code halves what each spends before its first line. */
function compileCache() {
  return { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'node-code') }
}

function run(command, args, node) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: node === undefined ? process.env : environment(node),
    shell: windows,
  })
  if (error) throw new Error(`Could not run ${command}: ${error.message}`)
  if (status !== 0)
    throw new Error(`"${command} ${args[0]}" failed with exit code ${status}. Its own message stands above.`)
}

/** Puts the development Node and the workspace's binaries first, so that every child uses them. */
function environment(node) {
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter)
  return { ...process.env, PATH: path }
}

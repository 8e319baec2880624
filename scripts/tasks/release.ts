import { root } from '../lib/packages.ts'
import { pinnedTool } from '../lib/pinned-tool.ts'
import { capture, run } from '../lib/run.ts'
import { runTask, TaskFailure } from '../lib/task.ts'
import { pinnedToolchain } from '../lib/toolchain.ts'

const help = `
npm run release [-- options]

Goes through everything that a release needs: what changesets say, check, build with pack-check, and pnpm's dry run of
publishing. Nothing is uploaded unless asked for. To take up the changesets first: npx changeset version.

  --publish   publish to npm; refused while the working tree has changes
  --help      this text
`

await runTask({
  name: 'release',
  help,
  options: { publish: { type: 'boolean' } },
  async run({ values: { publish = false } }) {
    if (publish) await refuseChanges()
    await step('changesets', 'changeset', ['status'])
    await step('check', process.execPath, task('check'))
    await step('build', process.execPath, task('build'))
    const pnpm = await pinnedTool('pnpm', pinnedToolchain().pnpm)
    const flags = ['--filter', './packages/*', '--recursive', 'publish']
    // pnpm's own look at git is left to a real release: a dry run is for work in progress, too.
    await step(publish ? 'publish' : 'dry run', pnpm, [...flags, ...(publish ? [] : ['--dry-run', '--no-git-checks'])])
    console.log(publish ? 'release: published' : 'release: everything is ready; nothing was published')
  },
})

async function refuseChanges(): Promise<void> {
  const { code, stdout, output } = await capture('git', ['status', '--porcelain'], { cwd: root })
  if (code !== 0) throw new TaskFailure(`git status failed: ${output.trim()}`)
  if (stdout.trim() !== '')
    throw new TaskFailure(
      'The working tree has changes. Commit or put them aside, then run npm run release -- --publish.',
    )
}

async function step(name: string, command: string, args: readonly string[]): Promise<void> {
  console.log(`release: ${name} …`)
  const { code } = await run(command, args)
  if (code !== 0) throw new TaskFailure(`release: ${name} failed with exit code ${code}. Its own message stands above.`)
}

function task(name: string): string[] {
  return ['--conditions=@exprsn/source', `scripts/tasks/${name}.ts`]
}

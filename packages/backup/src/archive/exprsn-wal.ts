#!/usr/bin/env node
// The program that archive_command and restore_command call: built as an entry of its own.
import { runArchiveCommand } from './run-archive-command.ts'

const { argv, env, stderr } = process
const say = (text: string): void => void stderr.write(`${text}\n`)
void runArchiveCommand({ programArguments: argv.slice(2), environment: env, say }).then((code) => {
  process.exitCode = code
})

import { TaskFailure } from './task.ts'

/** A whole number of at least `minimum` from an option's text. */
export function wholeNumber(option: string, text: string, minimum = 0): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < minimum)
    throw new TaskFailure(`--${option} must be a whole number of at least ${minimum}, not "${text}".`)
  return value
}

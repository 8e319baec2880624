import { defineErrors } from '../errors/registry.ts'

/** What goes wrong with instruments and their export. */
export const metricsErrors = defineErrors({
  CORE_METRICS_NAME_INVALID: {
    message: 'The metric {part} "{name}" cannot be used.',
    help: 'Use ASCII letters, digits and underscores, no digit first. Labels may not start with two underscores, nor be called le or quantile.',
    status: 400,
  },
  CORE_METRICS_NAME_TAKEN: {
    message: 'The metric "{name}" collides with "{other}", which was registered differently.',
    help: 'Register one of them under another name, or both with the same kind, labels and bounds.',
    status: 409,
  },
  CORE_METRICS_OPTION_INVALID: {
    message: 'The option {option} of the metric "{name}" cannot be {value}.',
    help: 'See the documentation of the option for the range it takes.',
    status: 400,
  },
  CORE_METRICS_VALUE_INVALID: {
    message: 'The metric "{name}" was given {value}, which it does not count.',
    help: 'Counters and histograms take finite numbers of 0 or more, gauges finite numbers. The value was dropped and counted in metrics_dropped.',
    status: 400,
  },
  CORE_METRICS_CARDINALITY: {
    message: 'The metric "{name}" has reached its limit of {limit} label combinations.',
    help: 'Further combinations are added up in one overflow series. Take labels whose values come from a small fixed set, or raise maxSeries.',
  },
  CORE_METRICS_OBSERVER_FAILED: {
    message: 'The callback that observes the metric "{name}" threw.',
    help: 'See the cause. The metric is left out of this collection, the others are not affected.',
  },
  CORE_METRICS_PUSH_FAILED: {
    message: 'The collector did not take the metrics: {reason}.',
    help: 'Check the address and the credentials of the collector. Values are cumulative, so that the next push makes up for this one.',
    retryable: true,
    status: 502,
  },
})

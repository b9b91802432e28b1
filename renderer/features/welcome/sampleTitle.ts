const SAMPLES: Record<string, { title: string; description: string }> = {
  'monte-carlo-pi': {
    title: 'Monte Carlo π',
    description:
      'A main program hands out chunks of random points, any number of workers compute them. Plain Python.',
  },
};

/** What a person calls a bundled sample. */
export function sampleTitle(name: string): string {
  return Object.hasOwn(SAMPLES, name) ? (SAMPLES[name]?.title ?? name) : name;
}

export function sampleDescription(name: string): string {
  return Object.hasOwn(SAMPLES, name) ? (SAMPLES[name]?.description ?? '') : 'A bundled sample.';
}

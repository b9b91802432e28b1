import type { AutoscaleNews } from '../domain/Autoscale.ts';

/** What autoscaling tells, in one line without time and service. */
export function autoscaleWords(news: AutoscaleNews): string {
  switch (news.kind) {
    case 'scale':
      return `${news.from} → ${news.wanted}: ${news.reason}`;
    case 'problem':
      return news.reason;
    case 'on':
      return 'scales by itself from now on';
    case 'off':
      return `left to you: ${news.reason}`;
    case 'look': {
      const asks = news.wanted === undefined || news.wanted === news.from ? '' : `, asks for ${news.wanted}`;
      return `${news.from}${asks}: ${news.reason}`;
    }
  }
}

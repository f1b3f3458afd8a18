import { Component, type ReactNode } from 'react';
import { t } from './texts.ts';

/** Shows an error in place of a broken screen, so that the others stay usable. */
export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError() {
    return { broken: true };
  }
  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <div className="trouble" role="alert">
        <p>{t('crashed')}</p>
        <button type="button" onClick={() => location.reload()}>
          {t('reload')}
        </button>
      </div>
    );
  }
}

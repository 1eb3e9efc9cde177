"""The register of the network: its records listed, looked at, changed by hand and handed out."""
